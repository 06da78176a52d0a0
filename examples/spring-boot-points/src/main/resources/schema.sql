create table if not exists account (
  id varchar(50) primary key,
  points int not null
);
