-- Reviews, and the read model that proves the reviewer is enrolled.

-- migrate:up

CREATE TABLE enrollment_refs (
  enrollment_id uuid PRIMARY KEY,
  user_id       uuid NOT NULL,
  course_id     uuid NOT NULL,
  status        text NOT NULL,
  enrolled_at   timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_enrollment_refs_user_course UNIQUE (user_id, course_id),
  CONSTRAINT uq_enrollment_refs_identity UNIQUE (enrollment_id, user_id, course_id),
  CONSTRAINT chk_enrollment_refs_status
    CHECK (status IN ('active', 'completed', 'paused', 'refunded', 'expired'))
);

COMMENT ON TABLE enrollment_refs IS
  'Support table (ACC-D14): payments may not read enrollments, so enrollment.* events keep this copy.';

CREATE TABLE reviews (
  review_id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  course_id            uuid NOT NULL,
  user_id              uuid NOT NULL,
  enrollment_id        uuid NOT NULL,
  rating               integer NOT NULL,
  review_title         text,
  review_text          text,
  is_public            boolean NOT NULL DEFAULT true,
  is_verified_purchase boolean NOT NULL DEFAULT false,
  helpful_votes        integer NOT NULL DEFAULT 0,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_reviews_course_user UNIQUE (course_id, user_id),
  -- The enrolment must exist and be this person's, in this course.
  CONSTRAINT fk_reviews_enrollment FOREIGN KEY (enrollment_id, user_id, course_id)
    REFERENCES enrollment_refs (enrollment_id, user_id, course_id),
  CONSTRAINT chk_reviews_rating CHECK (rating BETWEEN 1 AND 5),
  CONSTRAINT chk_reviews_helpful_votes CHECK (helpful_votes >= 0)
);

CREATE INDEX idx_reviews_enrollment ON reviews (enrollment_id, user_id, course_id);
CREATE INDEX idx_reviews_course ON reviews (course_id, created_at DESC) WHERE is_public;

CREATE TABLE review_votes (
  review_id uuid NOT NULL,
  user_id   uuid NOT NULL,
  voted_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_review_votes PRIMARY KEY (review_id, user_id),
  CONSTRAINT fk_review_votes_review FOREIGN KEY (review_id) REFERENCES reviews (review_id) ON DELETE CASCADE
);

COMMENT ON TABLE review_votes IS
  'Support table (ACC-D14): one helpful vote per person and review; reviews.helpful_votes counts its rows.';

CREATE TRIGGER trg_enrollment_refs_updated_at BEFORE UPDATE ON enrollment_refs
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER trg_reviews_updated_at BEFORE UPDATE ON reviews
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- migrate:down

DROP TABLE review_votes;
DROP TABLE reviews;
DROP TABLE enrollment_refs;
