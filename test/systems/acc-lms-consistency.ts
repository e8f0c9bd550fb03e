/** References by id that no foreign key keeps, because they cross a schema (ACC-04): column, then its target. */
const softReferences: readonly (readonly [string, string, string, string])[] = [
  ['users.profiles', 'user_id', 'auth.users', 'user_id'],
  ['users.preferences', 'user_id', 'auth.users', 'user_id'],
  ['users.stats', 'user_id', 'auth.users', 'user_id'],
  ['courses.courses', 'instructor_id', 'auth.users', 'user_id'],
  ['enrollments.enrollments', 'user_id', 'auth.users', 'user_id'],
  ['enrollments.enrollments', 'course_id', 'courses.courses', 'course_id'],
  ['enrollments.enrollments', 'order_id', 'payments.orders', 'order_id'],
  ['enrollments.lesson_progress', 'lesson_id', 'courses.lessons', 'lesson_id'],
  ['assessments.quizzes', 'course_id', 'courses.courses', 'course_id'],
  ['assessments.quizzes', 'lesson_id', 'courses.lessons', 'lesson_id'],
  ['assessments.quiz_submissions', 'user_id', 'auth.users', 'user_id'],
  ['assessments.quiz_submissions', 'enrollment_id', 'enrollments.enrollments', 'enrollment_id'],
  ['payments.orders', 'user_id', 'auth.users', 'user_id'],
  ['payments.orders', 'course_id', 'courses.courses', 'course_id'],
  ['payments.enrollment_refs', 'enrollment_id', 'enrollments.enrollments', 'enrollment_id'],
  ['payments.review_votes', 'user_id', 'auth.users', 'user_id'],
  ['ai.conversations', 'user_id', 'auth.users', 'user_id'],
  ['ai.conversations', 'course_id', 'courses.courses', 'course_id'],
  ['notifications.contacts', 'user_id', 'auth.users', 'user_id'],
  ['notifications.user_settings', 'user_id', 'auth.users', 'user_id'],
  ['notifications.queue', 'user_id', 'auth.users', 'user_id'],
]

/** What must hold of the seeds across the schemas, each as a query for the rows that break it. */
export const broken: readonly (readonly [string, string])[] = [
  ...softReferences.map(
    ([table, column, target, key]) =>
      [
        `${table}.${column} points into ${target}`,
        `select ${column} from ${table} t where ${column} is not null
            and not exists (select from ${target} o where o.${key} = t.${column})`,
      ] as const,
  ),
  [
    'what is embedded exists',
    `select content_type, content_id from ai.content_embeddings e where not exists (
       select from courses.courses where e.content_type = 'course' and course_id = content_id
       union all select from courses.lessons where e.content_type = 'lesson' and lesson_id = content_id
       union all select from assessments.quizzes where e.content_type = 'quiz' and quiz_id = content_id
       union all select from ai.messages where e.content_type = 'user_query' and message_id = content_id)`,
  ],
  [
    'the hash of what is embedded is its SHA-256',
    `select embedding_id from ai.content_embeddings
      where content_hash <> encode(sha256(convert_to(text_content, 'UTF8')), 'hex')`,
  ],
  [
    'everyone has a profile, preferences, statistics, a contact and settings; names and addresses agree',
    `select u.email from auth.users u
       left join users.profiles p using (user_id) left join users.preferences r using (user_id)
       left join users.stats s using (user_id) left join notifications.contacts c using (user_id)
       left join notifications.user_settings n using (user_id)
      where p is null or r.user_id is null or s.user_id is null or n.user_id is null
         or (c.email, c.email_verified, c.display_name)
            is distinct from (u.email, u.email_verified, p.first_name || ' ' || p.last_name)
         or n.timezone <> p.timezone`,
  ],
  [
    'time zones exist',
    `select timezone from users.profiles where timezone not in (select name from pg_timezone_names)`,
  ],
  [
    'instructors teach, students enrol in published courses after both exist',
    `select c.title from courses.courses c join auth.users u on u.user_id = c.instructor_id
      where u.role <> 'instructor'
     union all
     select c.title from enrollments.enrollments e join auth.users u using (user_id)
       join courses.courses c using (course_id)
      where u.role <> 'student' or not c.is_published or e.created_at < c.published_at or e.created_at < u.created_at`,
  ],
  [
    'progress is the share of completed lessons',
    `select e.enrollment_id from enrollments.enrollments e
      where e.progress_percentage <> (
        select round(100.0 * count(p.lesson_id) filter (where p.status = 'completed') / count(*), 2)
        from courses.lessons l
        left join enrollments.lesson_progress p on p.lesson_id = l.lesson_id and p.enrollment_id = e.enrollment_id
        where l.course_id = e.course_id)`,
  ],
  [
    'progress is of lessons of the course, and no position is past the end',
    `select p.progress_id from enrollments.lesson_progress p
       join enrollments.enrollments e using (enrollment_id) join courses.lessons l using (lesson_id)
      where l.course_id <> e.course_id or p.last_position_seconds > l.duration_seconds
         or p.updated_at > e.last_accessed_at or p.updated_at < e.started_at`,
  ],
  [
    'the counters of courses equal what they count',
    `select c.slug from courses.courses c
      where c.enrollment_count <> (
          select count(*) from enrollments.enrollments e where e.course_id = c.course_id and e.status <> 'refunded')
        or (c.rating_count, c.average_rating) <> (
          select count(*), coalesce(round(avg(rating), 2), 0) from payments.reviews r
           where r.course_id = c.course_id and r.is_public)`,
  ],
  [
    'the statistics of people equal what they sum up',
    `select s.user_id from users.stats s
      where (s.courses_enrolled, s.courses_completed) <> (
          select count(*) filter (where status <> 'refunded'), count(*) filter (where status = 'completed')
          from enrollments.enrollments e where e.user_id = s.user_id)
        or s.total_learning_time_minutes <> (
          select coalesce(sum(time_spent_seconds), 0) / 60 from enrollments.lesson_progress p
           where p.user_id = s.user_id)`,
  ],
  [
    'the points of a quiz are those of its questions, and each correct answer is an option',
    `select q.title from assessments.quizzes q
      where q.total_points <> (select sum(points) from assessments.quiz_questions o where o.quiz_id = q.quiz_id)
     union all
     select question_text from assessments.quiz_questions
      where not correct_answers <@ (select jsonb_agg(o -> 'id') from jsonb_array_elements(options) o)`,
  ],
  [
    'the quiz of a course is in one of its lessons of that kind',
    `select q.title from assessments.quizzes q left join courses.lessons l using (lesson_id)
      where l.course_id is distinct from q.course_id or l.content_type <> 'quiz'`,
  ],
  [
    'the score of an attempt is the sum of its answers, and passing follows from it',
    `select s.submission_id from assessments.quiz_submissions s join assessments.quizzes q using (quiz_id)
      where s.status = 'graded' and (
        s.score <> (select sum(points_earned) from assessments.quiz_responses r
                     where r.submission_id = s.submission_id having count(*) = 4)
        or s.max_score <> q.total_points
        or s.passed <> (100 * s.score / s.max_score >= q.passing_score_percentage)
        or s.time_spent_seconds > q.time_limit_minutes * 60
        or s.attempt_number > q.max_attempts)`,
  ],
  [
    'an answer is correct exactly when it selects the correct options',
    `select r.response_id from assessments.quiz_responses r join assessments.quiz_questions q using (question_id)
      where r.is_correct <> (r.answer_data -> 'selected' = q.correct_answers)
         or r.points_earned <> case when r.is_correct then q.points else 0 end`,
  ],
  [
    'attempts are by whoever is enrolled in the course, and a completed quiz lesson was passed',
    `select s.submission_id from assessments.quiz_submissions s join assessments.quizzes q using (quiz_id)
       join enrollments.enrollments e using (enrollment_id)
      where e.user_id <> s.user_id or e.course_id <> q.course_id
     union all
     select p.progress_id from enrollments.lesson_progress p join assessments.quizzes q using (lesson_id)
      where p.status = 'completed' and not exists (
        select from assessments.quiz_submissions s
         where s.quiz_id = q.quiz_id and s.user_id = p.user_id and s.passed)`,
  ],
  [
    'orders charge the price of the course and 19 % tax on what is left of it',
    `select o.order_number from payments.orders o join courses.courses c using (course_id)
      where o.subtotal_cents <> c.price_cents or o.currency <> c.currency
         or o.tax_cents <> round((o.subtotal_cents - o.discount_cents) * 0.19)`,
  ],
  [
    'an enrolment in a paid course has its own paid order, and only refunds are refunded',
    `select e.enrollment_id from enrollments.enrollments e join courses.courses c using (course_id)
       left join payments.orders o using (order_id)
      where (c.price_cents > 0) <> (o.order_id is not null)
         or o.user_id <> e.user_id or o.course_id <> e.course_id or o.paid_at > e.created_at
         or o.status <> case e.status when 'refunded' then 'refunded' else 'paid' end
     union all
     select o.order_id from payments.orders o
      where o.status in ('paid', 'refunded')
        and not exists (select from enrollments.enrollments e where e.order_id = o.order_id)`,
  ],
  [
    'succeeded transactions pay the total, once, and give back what was refunded',
    `select o.order_number from payments.orders o join payments.order_balances b using (order_id)
      where b.paid_cents <> case when o.status in ('paid', 'refunded') then o.total_cents else 0 end
         or b.refunded_cents <> case o.status when 'refunded' then o.total_cents else 0 end
         or b.charged_back_cents <> 0`,
  ],
  [
    'the uses of a code are its redemptions, each worth what the code says, in time and above the minimum',
    `select c.code from payments.discount_codes c
      where c.current_uses <> (select count(*) from payments.discount_redemptions r
                                where r.code_id = c.code_id and r.released_at is null)
     union all
     select c.code from payments.discount_redemptions r join payments.discount_codes c using (code_id)
       join payments.orders o using (order_id)
      where o.discount_code <> c.code or o.discount_cents <> r.discount_cents
         or r.discount_cents <> case c.discount_type when 'percentage'
              then o.subtotal_cents * c.discount_value / 100 else c.discount_value end
         or o.subtotal_cents < c.minimum_order_cents or r.redeemed_at < c.valid_from or r.redeemed_at > c.valid_until
     union all
     select order_number from payments.orders o where discount_cents > 0
        and not exists (select from payments.discount_redemptions r where r.order_id = o.order_id)`,
  ],
  [
    'the copies of enrolments in payments equal them',
    `select enrollment_id from enrollments.enrollments e full join payments.enrollment_refs r using (enrollment_id)
      where (e.user_id, e.course_id, e.status, e.created_at)
         is distinct from (r.user_id, r.course_id, r.status, r.enrolled_at)`,
  ],
  [
    'votes are by others and are counted; a purchase is verified where there was one',
    `select r.review_id from payments.reviews r
      where r.helpful_votes <> (select count(*) from payments.review_votes v where v.review_id = r.review_id)
         or exists (select from payments.review_votes v where v.review_id = r.review_id
                     and (v.user_id = r.user_id or v.voted_at < r.created_at))
         or r.is_verified_purchase <> exists (
              select from payments.orders o where o.user_id = r.user_id and o.course_id = r.course_id and o.status = 'paid')`,
  ],
  [
    'a conversation about a course is by someone enrolled in it, and questions and answers take turns',
    `select c.conversation_id from ai.conversations c
      where c.course_id is not null and not exists (
        select from enrollments.enrollments e where e.user_id = c.user_id and e.course_id = c.course_id)
     union all
     select conversation_id from (
       select conversation_id, role, row_number() over (partition by conversation_id order by created_at) as n
       from ai.messages) m
      where role <> case when n % 2 = 1 then 'user' else 'assistant' end`,
  ],
  [
    'certificates are announced to whoever completed, and texts have no open placeholder',
    `select e.enrollment_id from enrollments.enrollments e
      where e.status = 'completed' and not exists (
        select from notifications.queue q join notifications.templates t using (template_id)
         where t.name = 'certificado' and q.user_id = e.user_id)
     union all
     select notification_id from notifications.queue where content like '%{{%' or subject like '%{{%'`,
  ],
  [
    'nothing but the schedule lies after the day of the seeds',
    `select 'user' from auth.users where greatest(created_at, last_login_at) > '2025-12-15 15:00+00'
     union all select 'progress' from enrollments.lesson_progress where updated_at > '2025-12-15 15:00+00'
     union all select 'submission' from assessments.quiz_submissions where updated_at > '2025-12-15 15:00+00'
     union all select 'order' from payments.orders where created_at > '2025-12-15 15:00+00'
     union all select 'review' from payments.reviews where created_at > '2025-12-15 15:00+00'
     union all select 'vote' from payments.review_votes where voted_at > '2025-12-15 15:00+00'
     union all select 'message' from ai.messages where created_at > '2025-12-15 15:00+00'
     union all select 'sent' from notifications.queue where greatest(sent_at, read_at) > '2025-12-15 15:00+00'`,
  ],
]
