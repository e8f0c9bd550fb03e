import { set, type Violation } from './violation.ts'

export const usersViolations: readonly Violation[] = [
  ['a person without a name', 'chk_profiles_names', set('profiles', `first_name = ' '`)],
  ['social links as a list', 'chk_profiles_social_links', set('profiles', `social_links = '[]'`)],
  ['a website that is a script', 'chk_profiles_website', set('profiles', `website = 'javascript:alert(1)'`)],
  ['an avatar that is no URL', 'chk_profiles_avatar_url', set('profiles', `avatar_url = 'x'`)],
  ['a language by its name', 'chk_profiles_language', set('profiles', `language = 'español'`)],
  [
    'preferences of nobody',
    'fk_preferences_profile',
    `insert into preferences (user_id) values (gen_random_uuid())`,
  ],
  [
    'e-mail preferences as text',
    'chk_preferences_email_notifications',
    set('preferences', `email_notifications = '"all"'`),
  ],
  ['privacy as a list', 'chk_preferences_privacy', set('preferences', `privacy = '[]'`)],
  ['accessibility as a list', 'chk_preferences_accessibility', set('preferences', `accessibility = '[]'`)],
  ['statistics of nobody', 'fk_stats_profile', `insert into stats (user_id) values (gen_random_uuid())`],
  [
    'more courses completed than taken',
    'chk_stats_courses',
    set('stats', 'courses_completed = courses_enrolled + 1'),
  ],
  ['negative learning time', 'chk_stats_learning_time', set('stats', 'total_learning_time_minutes = -1')],
  [
    'a streak longer than the longest',
    'chk_stats_streaks',
    set('stats', 'current_streak_days = longest_streak_days + 1'),
  ],
]
