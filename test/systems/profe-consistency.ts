/** What the seeds must never show, each as a query that finds nothing. */
export const broken: readonly (readonly [rule: string, query: string])[] = [
  [
    'everybody has an account, a profile and a role',
    `select id from auth.users u where not exists (select from users.user_profiles where user_id = u.id)
       or not exists (select from users.user_roles where user_id = u.id)`,
  ],
  [
    'members of a course hold the role in its school',
    `select m.id from academic.course_members m where not exists (select from users.user_roles r
       where r.user_id = m.user_id and r.organization_id = m.organization_id
         and r.role = case m.member_role when 'student' then 'student' else 'teacher' end)`,
  ],
  [
    'a verified guardian is a parent, the child a student, of that school',
    `select g.id from users.guardianships g where
       not exists (select from users.user_roles where user_id = g.guardian_id and organization_id = g.organization_id and role = 'parent')
       or not exists (select from users.user_roles where user_id = g.student_id and organization_id = g.organization_id and role = 'student')`,
  ],
  [
    'a student waits for at most one guardian',
    `select student_id from users.guardianships where status = 'pending' group by student_id having count(*) > 1`,
  ],
  [
    'the teacher of a plan teaches its course, and the course has its subject',
    `select p.id from plans.plans p where not exists (select from academic.course_members
         where course_id = p.course_id and user_id = p.teacher_id and member_role in ('teacher', 'assistant'))
       or not exists (select from academic.course_subjects where course_id = p.course_id and subject_id = p.subject_id)`,
  ],
  [
    'a result is of a student of the plan’s course, who was there when it was assigned',
    `select r.id from plans.plan_results r join plans.plans p on p.id = r.plan_id
     where not exists (select from academic.course_members m where m.course_id = p.course_id
       and m.user_id = r.student_id and m.member_role = 'student' and (m.left_at is null or m.left_at > r.assigned_at))`,
  ],
  [
    'drafts are assigned to nobody',
    `select r.id from plans.plan_results r join plans.plans p on p.id = r.plan_id where p.status = 'draft'`,
  ],
  [
    'a score comes with completion',
    `select id from plans.plan_results where (score is not null) <> (completion_percentage = 100)`,
  ],
  [
    'results are of one school',
    `select r.id from plans.plan_results r join plans.plans p on p.id = r.plan_id where r.organization_id <> p.organization_id`,
  ],
  [
    'who attaches a file to a plan made both',
    `select pf.id from plans.plan_files pf join plans.plans p on p.id = pf.plan_id join files.files f on f.id = pf.file_id where f.uploaded_by <> p.teacher_id`,
  ],
  [
    'a chat is about a plan assigned before it began',
    `select c.id from chat.chat_sessions c where not exists (select from plans.plan_results r where r.plan_id = c.plan_id and r.student_id = c.user_id and r.assigned_at <= c.created_at)`,
  ],
  [
    'messages are numbered from 1 without gaps',
    `select session_id from chat.chat_messages group by session_id having max(seq) <> count(*) or min(seq) <> 1`,
  ],
  [
    'every chat holds messages',
    `select id from chat.chat_sessions s where not exists (select from chat.chat_messages where session_id = s.id)`,
  ],
  [
    'nothing happens after the day of the seeds',
    `select 'result' from plans.plan_results where greatest(completed_at, assigned_at) > '2025-10-20 15:00+00'
     union all select 'message' from chat.chat_messages where created_at > '2025-10-20 15:00+00'
     union all select 'session' from auth.sessions where created_at > '2025-10-20 15:00+00'
     union all select 'metric' from analytics.user_metrics where recorded_at > '2025-10-20 15:00+00'
     union all select 'job' from plans.plan_jobs where updated_at > '2025-10-20 15:00+00'
     union all select 'plan' from plans.plans where greatest(created_at, updated_at) > '2025-10-20 15:00+00'`,
  ],
  [
    'first names of a school are distinct',
    `select r.organization_id, p.first_name from users.user_profiles p join users.user_roles r using (user_id) where r.role in ('student', 'teacher') group by 1, 2 having count(*) > 1`,
  ],
  ['slugs are plain', `select id from organizations.organizations where slug !~ '^[a-z0-9-]+$'`],
  [
    'addresses are plain and on example domains',
    `select id from auth.users where email::text !~ '^[a-z0-9.]+@([a-z0-9-]+[.])?example[.](org|com)$' and email <> 'soporte@profe.example.org'`,
  ],
]
