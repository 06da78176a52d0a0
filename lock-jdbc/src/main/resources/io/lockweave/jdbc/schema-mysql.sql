-- The lock table of Lockweave. Nobody but Lockweave writes to it.
create table if not exists ${table} (
  lock_key varchar(64) character set ascii collate ascii_bin not null,
  part varchar(32) character set ascii collate ascii_bin not null,
  lock_name varchar(400) not null,
  lock_mode varchar(1) not null,
  permits integer not null,
  owner_token varchar(32) character set ascii collate ascii_bin not null,
  place varchar(255) not null,
  fence bigint not null,
  next_fence bigint not null,
  acquired_at bigint not null,
  expires_at bigint not null,
  waited_until bigint not null,
  writer_until bigint not null,
  primary key (lock_key, part)
) engine = InnoDB default character set utf8mb4;
