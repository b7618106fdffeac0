-- Runs of subscriptions whose owner was told that something went wrong: each once, whichever process looks.

create table subscription_notices (
  run_id uuid primary key references runs on delete cascade,
  at timestamptz(3) not null
);
