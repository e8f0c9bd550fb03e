-- Takes 000_world.sql away again. This file is the same in every service.

DROP FUNCTION IF EXISTS seed_reviews();
DROP FUNCTION IF EXISTS seed_progress();
DROP FUNCTION IF EXISTS seed_enrollments();
DROP FUNCTION IF EXISTS seed_people();
DROP FUNCTION IF EXISTS seed_lessons();
DROP FUNCTION IF EXISTS seed_courses();
DROP FUNCTION IF EXISTS seed_number(text, integer, integer, integer[]);
DROP FUNCTION IF EXISTS seed_uuid(text, integer[]);
DROP FUNCTION IF EXISTS seed_scale();
DROP FUNCTION IF EXISTS seed_today();
