/** One thing that was looked at. */
export interface DoctorCheck {
  /** `version`, `privileges`, `encoding` …: stable, for programs. */
  readonly id: string
  /** The server or database it is about. */
  readonly subject: string
  /** `unknown`: the look itself failed. */
  readonly verdict: 'ok' | 'warning' | 'problem' | 'unknown'
  readonly finding: string
  /** What to do; absent where all is well. */
  readonly advice?: string
}
