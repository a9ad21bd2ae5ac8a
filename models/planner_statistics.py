"""How soon PostgreSQL makes statistics of a table anew: when 1 % of its rows have changed, not 10 %.

The planner estimates one row for a tenant whose rows came after the last ANALYZE, and so the same cost for every index
that begins with the tenant. A look-up of a user by key then read all of a new tenant with 40,000 users (beside 500,000
of another) by the index of dates. An ANALYZE reads 30,000 rows, whatever the table's size is.
"""

from models.kernel.extras import Extra, declare

_EACH_TABLE = """DO $$ DECLARE name regclass; BEGIN
    FOR name IN SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attname = 'tenant_id' AND c.relkind = 'r' AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    LOOP EXECUTE 'ALTER TABLE ' || name || ' {}'; END LOOP;
END $$"""

ANALYZED_SOON = Extra(
    "postgresql",
    make=[_EACH_TABLE.format("SET (autovacuum_analyze_scale_factor = 0.01)")],
    drop=[_EACH_TABLE.format("RESET (autovacuum_analyze_scale_factor)")],
)
declare(ANALYZED_SOON)
