-- What the run under way has made, until it has delivered: another attempt of it goes on from here. A tag and values, as in
-- `last_etag` and `last_values`, with the run.
alter table subscriptions add column made jsonb;

-- Of which report a delivery was made, and since when its subscription stands: a subscription may turn to another report,
-- and its id may go to another. Null where that is not known.
alter table deliveries add column report_id text, add column subscription_since timestamptz(3);

update deliveries d
set subscription_since = s.created_at,
  report_id = case when s.updated_at <= d.created_at then s.report_id end
from subscriptions s
where s.id = d.subscription_id and s.created_at <= d.created_at;
