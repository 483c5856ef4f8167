-- Until which revocation what was imported is known to live: token_state.epoch when it was. Of what was
-- imported before there was this column nothing is known, so that it is over if its user, its tenant or
-- everybody was ever revoked.
alter table pgstead.imported_tokens add column epoch bigint not null default 0;
alter table pgstead.imported_tokens alter column epoch drop default;
