-- The lock table of Lockweave. Nobody but Lockweave writes to it.
create table ${table} (
  lock_key varchar2(64) not null,
  part varchar2(32) not null,
  lock_name varchar2(400 char) not null,
  lock_mode varchar2(1) not null,
  permits number(10) not null,
  owner_token varchar2(32) not null,
  place varchar2(255 char) not null,
  fence number(19) not null,
  next_fence number(19) not null,
  acquired_at number(19) not null,
  expires_at number(19) not null,
  waited_until number(19) not null,
  writer_until number(19) not null,
  primary key (lock_key, part)
);
