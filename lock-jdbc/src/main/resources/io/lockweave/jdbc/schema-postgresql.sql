-- The lock table of Lockweave. Nobody but Lockweave writes to it.
create table if not exists ${table} (
  lock_key varchar(64) collate "C" not null,
  part varchar(32) collate "C" not null,
  lock_name varchar(400) not null,
  lock_mode varchar(1) not null,
  permits integer not null,
  owner_token varchar(32) not null,
  place varchar(255) not null,
  fence bigint not null,
  next_fence bigint not null,
  acquired_at bigint not null,
  expires_at bigint not null,
  waited_until bigint not null,
  writer_until bigint not null,
  waiters text not null default '',
  primary key (lock_key, part)
) with (fillfactor = 50);
-- Tables made before there was this column; versions that do not know it may go on beside it.
alter table ${table} add column if not exists waiters text not null default '';
