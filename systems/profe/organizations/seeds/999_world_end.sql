-- Takes 000_world.sql away again. This file is the same in every service.

DROP FUNCTION IF EXISTS seed_files();
DROP FUNCTION IF EXISTS seed_results();
DROP FUNCTION IF EXISTS seed_plans();
DROP FUNCTION IF EXISTS seed_teaching();
DROP FUNCTION IF EXISTS seed_subjects();
DROP FUNCTION IF EXISTS seed_courses();
DROP FUNCTION IF EXISTS seed_people();
DROP FUNCTION IF EXISTS seed_schools();
DROP FUNCTION IF EXISTS seed_digest(text, integer[]);
DROP FUNCTION IF EXISTS seed_number(text, integer, integer, integer[]);
DROP FUNCTION IF EXISTS seed_uuid(text, integer[]);
DROP FUNCTION IF EXISTS seed_scale();
DROP FUNCTION IF EXISTS seed_today();
