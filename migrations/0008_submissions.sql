-- What strangers sent with features that they may not edit: the hash of the
-- secret by which they follow what becomes of it, and a photo.
create table simtaru.submission (
  layer text not null,
  feature bigint not null,
  -- SHA-256 of the secret, which is nowhere kept.
  secret bytea not null unique check (octet_length(secret) = 32),
  -- JPEG as the server has written it anew.
  photo bytea check (octet_length(photo) <= 4000000),
  primary key (layer, feature)
);
comment on table simtaru.submission is 'Kiriman warga / What citizens sent';
