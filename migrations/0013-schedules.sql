-- What is to be done by the clock, and the days on which it is not. A room says what (`kind`), of which thing, and when;
-- whichever process looks first takes a row that is due, in the transaction that makes the run.

create table schedules (
  kind text not null,
  subject_type text not null,
  subject_id text not null,
  -- The shape of src/schedule/shape.ts.
  definition jsonb not null,
  -- In whose name; no foreign key, as with runs.
  owner_account_id text,
  owner_account_name text,
  paused boolean not null default false,
  -- The next planned time; null while paused, and when the schedule has come to its end.
  next_at timestamptz(3),
  -- The last planned time that was taken: the next is counted from here, never from when it was taken.
  last_at timestamptz(3),
  -- Planned times since then that were let pass, because the schedule says not to catch up.
  passed_over integer not null default 0,
  -- Attempts in a row that failed to take what is due, and until when not to try again.
  failures integer not null default 0,
  held_until timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (kind, subject_type, subject_id),
  check (not paused or next_at is null)
);

create index schedules_due on schedules (next_at) where next_at is not null;
create index schedules_by_holidays on schedules ((definition ->> 'holidays')) where definition ? 'holidays';

create table holiday_calendars (
  name text primary key,
  label text not null,
  -- [{"date": "2027-12-25", "label": "Christmas Day"}], by date.
  days jsonb not null,
  updated_at timestamptz(3) not null default now()
);
