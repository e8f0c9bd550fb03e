-- Takes 001_catalogue_texts.sql away again. The same file stands in courses and in ai.

DROP FUNCTION IF EXISTS seed_sections();
DROP FUNCTION IF EXISTS seed_descriptions();
