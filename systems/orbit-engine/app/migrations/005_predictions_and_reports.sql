-- Forecasts of demand, and the daily sums of sales.

-- migrate:up

-- One forecast per product, day, model and horizon; the error says by how much the model was short (ORB-D22).
CREATE TABLE predictions (
  id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id    uuid NOT NULL,
  product_id         uuid NOT NULL,
  prediction_date    date NOT NULL,
  horizon_days       integer NOT NULL DEFAULT 7,
  predicted_quantity numeric(10, 2) NOT NULL,
  confidence_score   numeric(5, 2) NOT NULL,
  model_version      varchar(50) NOT NULL,
  actual_quantity    integer,
  prediction_error   numeric(10, 2) GENERATED ALWAYS AS (actual_quantity - predicted_quantity) STORED,
  created_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fk_predictions_organization
    FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
  CONSTRAINT fk_predictions_product
    FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id) ON DELETE RESTRICT,
  CONSTRAINT chk_predictions_horizon CHECK (horizon_days IN (7, 15, 30)),
  CONSTRAINT chk_predictions_quantity CHECK (predicted_quantity >= 0 AND predicted_quantity <> 'NaN'),
  CONSTRAINT chk_predictions_confidence CHECK (confidence_score BETWEEN 0 AND 100),
  CONSTRAINT chk_predictions_actual CHECK (actual_quantity >= 0)
);
-- Also finds the forecasts of a product, and those of an organization.
CREATE UNIQUE INDEX idx_predictions_organization_product_date
  ON predictions (organization_id, product_id, prediction_date, model_version, horizon_days);
CREATE INDEX idx_predictions_prediction_date ON predictions (organization_id, prediction_date);

-- The day is the organization's own (ORB-D15). No login may read this: it holds every organization (ORB-D16).
CREATE MATERIALIZED VIEW mv_sales_summary AS
SELECT s.organization_id,
       (s.sale_date AT TIME ZONE o.timezone)::date AS date,
       count(*) AS total_sales,
       sum(s.total) AS total_amount
  FROM sales s
  JOIN organizations o ON o.id = s.organization_id
 WHERE s.status = 'completed'
 GROUP BY 1, 2;
CREATE UNIQUE INDEX idx_mv_sales_summary_organization_date ON mv_sales_summary (organization_id, date);

-- The sums of the transaction's organization, as they were at the last refresh. Runs with its owner's rights,
-- since the login has none on what it reads; the barrier keeps other people's conditions behind ours.
CREATE VIEW sales_summary WITH (security_barrier = true) AS
SELECT organization_id, date, total_sales, total_amount
  FROM mv_sales_summary
 WHERE organization_id = (SELECT nullif(current_setting('app.current_organization', true), '')::uuid);

-- A refresh takes the owner. CONCURRENTLY would not stop the readers, but needs a temporary table, which
-- the owner of a managed schema may not make; this one stops them for as long as one aggregate over sales takes.
CREATE FUNCTION refresh_sales_summary() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  REFRESH MATERIALIZED VIEW mv_sales_summary
$$;

-- migrate:down

DROP FUNCTION refresh_sales_summary();
DROP VIEW sales_summary;
DROP MATERIALIZED VIEW mv_sales_summary;
DROP TABLE predictions;
