import { copy, set, type Violation } from './violation.ts'

export const assessmentsViolations: readonly Violation[] = [
  ['a quiz of negative worth', 'chk_quizzes_total_points', set('quizzes', 'total_points = -1')],
  ['a pass mark above 100', 'chk_quizzes_passing_score', set('quizzes', 'passing_score_percentage = 101')],
  ['a quiz of no attempts', 'chk_quizzes_limits', set('quizzes', 'max_attempts = 0')],
  [
    'a question of no quiz',
    'fk_quiz_questions_quiz',
    copy('quiz_questions', 'question_id', { quiz_id: `gen_random_uuid()` }),
  ],
  ['two questions in one place', 'uq_quiz_questions_sort_order', copy('quiz_questions', 'question_id')],
  [
    'a question of an unknown kind',
    'chk_quiz_questions_type',
    set('quiz_questions', `question_type = 'essay'`),
  ],
  ['a question worth nothing', 'chk_quiz_questions_points', set('quiz_questions', 'points = 0')],
  [
    'a choice of one option',
    'chk_quiz_questions_options',
    set('quiz_questions', `options = '[{"id": "a"}]'`, `question_type = 'single_choice'`),
  ],
  [
    'a question that nothing answers',
    'chk_quiz_questions_correct_answers',
    set('quiz_questions', `correct_answers = '[]'`),
  ],
  [
    'an attempt at no quiz',
    'fk_quiz_submissions_quiz',
    copy('quiz_submissions', 'submission_id', { quiz_id: `gen_random_uuid()` }),
  ],
  [
    'an attempt number twice (ACC-D11)',
    'uq_quiz_submissions_attempt',
    copy('quiz_submissions', 'submission_id', {}, `status = 'graded'`),
  ],
  [
    'two open attempts at once',
    'uq_quiz_submissions_open',
    `insert into quiz_submissions (quiz_id, user_id, enrollment_id, attempt_number, max_score) select quiz_id, user_id, enrollment_id, n, 100 from quiz_submissions, generate_series(11, 12) n where attempt_number = 1`,
  ],
  ['attempt zero', 'chk_quiz_submissions_attempt', set('quiz_submissions', 'attempt_number = 0')],
  [
    'an attempt status nobody knows',
    'chk_quiz_submissions_status',
    set('quiz_submissions', `status = 'lost'`),
  ],
  [
    'a score above the maximum',
    'chk_quiz_submissions_score',
    set('quiz_submissions', 'score = max_score + 1'),
  ],
  [
    'graded without a score',
    'chk_quiz_submissions_graded',
    set('quiz_submissions', 'score = null', `status = 'graded'`),
  ],
  [
    'handed in before it began',
    'chk_quiz_submissions_time',
    set('quiz_submissions', `submitted_at = started_at - interval '1 s'`),
  ],
  [
    'two answers to one question',
    'uq_quiz_responses_submission_question',
    copy('quiz_responses', 'response_id'),
  ],
  [
    'an answer to a question of another quiz',
    'fk_quiz_responses_question',
    `update quiz_responses r set question_id = (select question_id from quiz_questions q where q.quiz_id <> r.quiz_id limit 1) where ctid = (select ctid from quiz_responses limit 1)`,
  ],
  [
    'an answer without an attempt',
    'fk_quiz_responses_submission',
    copy('quiz_responses', 'response_id', { submission_id: `gen_random_uuid()` }),
  ],
  [
    'points for a wrong answer',
    'chk_quiz_responses_points',
    set('quiz_responses', 'points_earned = 1', 'not is_correct'),
  ],
]
