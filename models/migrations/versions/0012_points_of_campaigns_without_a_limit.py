"""Points that campaigns have given are counted by the month, of those without a limit too: one may be set within the month."""

from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# What each campaign has given each member in each month, as servers count it: for orders what was not taken back, and for other events the mints
# that are among their effects. The month is that of the event, in UTC. A row that is there already
# counts too little where the limit was set within its month.
# Mints for orders are in both tables: they are grouped by their transactions, since a join would look through all points of orders for each event on SQLite.
_GIVEN = """
INSERT INTO lc_campaign_points (tenant_id, campaign_id, member_id, month_ms, points)
SELECT given.tenant_id, given.campaign_id, given.member_id, given.month_ms, sum(given.points)
FROM (
    SELECT one.tenant_id, max(one.campaign_id) AS campaign_id, max(one.member_id) AS member_id, max(one.month_ms) AS month_ms,
        CASE WHEN max(one.of_order) = 1 THEN sum(one.points * one.of_order) ELSE sum(one.points) END AS points
    FROM (
        SELECT p.tenant_id, p.transaction_id, p.campaign_id, o.member_id, p.month_ms, p.points - p.taken AS points, 1 AS of_order
        FROM lc_order_points AS p
        JOIN lc_purchase_orders AS o ON o.tenant_id = p.tenant_id AND o.id = p.order_id
        UNION ALL
        SELECT e.tenant_id, e.transaction_id, e.campaign_id, e.member_id, {month_ms} AS month_ms, e.points, 0 AS of_order
        FROM ({minted}) AS e
    ) AS one
    GROUP BY one.tenant_id, one.transaction_id
) AS given
JOIN lc_campaigns AS c ON c.tenant_id = given.tenant_id AND c.id = given.campaign_id
GROUP BY given.tenant_id, given.campaign_id, given.member_id, given.month_ms
HAVING sum(given.points) > 0
ON CONFLICT (tenant_id, campaign_id, member_id, month_ms) DO UPDATE SET points = excluded.points
WHERE lc_campaign_points.points < excluded.points
"""
_OF_EVENTS = "lc_events.status = 'success' AND lc_events.member_id IS NOT NULL"
_SQLITE = _GIVEN.format(
    month_ms="CAST(strftime('%s', e.at_ms / 1000, 'unixepoch', 'start of month') AS INTEGER) * 1000",
    minted=f"""
        SELECT lc_events.tenant_id, lc_events.member_id, coalesce(lc_events.external_ms, lc_events.created_ms) AS at_ms,
            json_extract(effect.value, '$.sourceId') AS campaign_id,
            json_extract(effect.value, '$.data.ledgerTransactionId') AS transaction_id,
            json_extract(effect.value, '$.data.amount') AS points
        FROM lc_events, json_each(lc_events.effects) AS effect
        WHERE {_OF_EVENTS} AND json_extract(effect.value, '$.effectId') = 'mint-points'
            AND json_extract(effect.value, '$.source') = 'campaign' AND json_extract(effect.value, '$.data.amount') > 0""",
)
_POSTGRESQL = _GIVEN.format(
    month_ms="(extract(epoch FROM date_trunc('month', to_timestamp(e.at_ms / 1000) AT TIME ZONE 'UTC')) * 1000)::bigint",
    minted=f"""
        SELECT lc_events.tenant_id, lc_events.member_id, coalesce(lc_events.external_ms, lc_events.created_ms) AS at_ms,
            (effect.value->>'sourceId')::bigint AS campaign_id,
            effect.value->'data'->>'ledgerTransactionId' AS transaction_id,
            (effect.value->'data'->>'amount')::bigint AS points
        FROM lc_events CROSS JOIN LATERAL json_array_elements(
            CASE json_typeof(lc_events.effects) WHEN 'array' THEN lc_events.effects END
        ) AS effect(value)
        WHERE {_OF_EVENTS} AND effect.value->>'effectId' = 'mint-points' AND effect.value->>'source' = 'campaign'
            AND (effect.value->'data'->>'amount')::bigint > 0""",
)


def upgrade() -> None:
    op.execute(_SQLITE if op.get_context().dialect.name == 'sqlite' else _POSTGRESQL)


def downgrade() -> None:
    """Nothing: the version before reads these rows where a campaign has a limit, and they are right for it."""
