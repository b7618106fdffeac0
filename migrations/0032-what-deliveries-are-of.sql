-- What the run under way has made, until it has delivered: another attempt of it goes on from here. A tag and values, as in
-- `last_etag` and `last_values`, with the run.
alter table subscriptions add column made jsonb;
