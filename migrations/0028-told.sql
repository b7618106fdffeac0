-- When what is told of a dataset outside last changed: it was published, or a version was taken back.

alter table datasets add column told_at timestamptz(3);

create index datasets_told_at on datasets (told_at, id) where told_at is not null;
