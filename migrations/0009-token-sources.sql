-- From where a token was used, day by day: "who used it yesterday?" has an answer. Written behind the requests like
-- token_days, and without foreign keys for the same reason.

create table token_sources (
  token_id text not null,
  day date not null,
  -- Both empty: all that came after the first few of that day, added together.
  address text not null,
  -- The User-Agent, shortened; empty when there was none.
  client text not null,
  uses bigint not null,
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  primary key (token_id, day, address, client)
);

-- Forgotten by their age.
create index token_sources_day on token_sources (day);
