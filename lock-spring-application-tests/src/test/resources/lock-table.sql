create table lockweave_lock (
  lock_key varchar(64) not null,
  part varchar(32) not null,
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
  primary key (lock_key, part)
);
