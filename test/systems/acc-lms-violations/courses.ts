import { copy, set, type Violation } from './violation.ts'

export const coursesViolations: readonly Violation[] = [
  [
    'a category slug twice (ACC-D11)',
    'uq_categories_slug',
    copy('categories', 'category_id', { name: `'x'` }),
  ],
  [
    'two root categories of one name',
    'uq_categories_parent_name',
    copy('categories', 'category_id', { slug: `'x'` }, 'parent_category_id is null'),
  ],
  [
    'a category under nothing',
    'fk_categories_parent',
    set('categories', 'parent_category_id = gen_random_uuid()'),
  ],
  ['a category under itself', 'chk_categories_parent', set('categories', 'parent_category_id = category_id')],
  ['a category slug with spaces', 'chk_categories_slug', set('categories', `slug = 'Dos Palabras'`)],
  ['a course slug twice (ACC-D11)', 'uq_courses_slug', copy('courses', 'course_id')],
  ['a course without category', 'fk_courses_category', set('courses', 'category_id = gen_random_uuid()')],
  ['a course slug with capitals', 'chk_courses_slug', set('courses', `slug = 'SQL'`)],
  ['a negative price', 'chk_courses_price', set('courses', 'price_cents = -1')],
  ['a currency by its sign', 'chk_courses_currency', set('courses', `currency = '$'`)],
  ['a level nobody knows', 'chk_courses_difficulty_level', set('courses', `difficulty_level = 'expert'`)],
  [
    'published at no time',
    'chk_courses_published',
    set('courses', 'is_published = true', 'not is_published'),
  ],
  ['an average above five', 'chk_courses_rating', set('courses', 'average_rating = 5.1', 'rating_count > 0')],
  ['a negative counter', 'chk_courses_enrollment_count', set('courses', 'enrollment_count = -1')],
  ['requirements as text', 'chk_courses_lists', set('courses', `requirements = '"nada"'`)],
  [
    'a section of no course',
    'fk_sections_course',
    copy('sections', 'section_id', { course_id: `gen_random_uuid()` }),
  ],
  ['two sections in one place', 'uq_sections_sort_order', copy('sections', 'section_id')],
  ['a section in place zero', 'chk_sections_sort_order', set('sections', 'sort_order = 0')],
  [
    'a lesson in a section of another course (ACC-D11)',
    'fk_lessons_section',
    `update lessons set section_id = (select section_id from sections s where s.course_id <> lessons.course_id order by sort_order desc limit 1), sort_order = 99 where ctid = (select ctid from lessons limit 1)`,
  ],
  ['two lessons in one place', 'uq_lessons_sort_order', copy('lessons', 'lesson_id')],
  ['a lesson of an unknown kind', 'chk_lessons_content_type', set('lessons', `content_type = 'hologram'`)],
  ['a lesson of negative length', 'chk_lessons_duration', set('lessons', 'duration_seconds = -1')],
  ['a lesson in place zero', 'chk_lessons_sort_order', set('lessons', 'sort_order = 0')],
]
