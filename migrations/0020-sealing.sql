-- The log as one tree (RFC 6962): which entry is which leaf, the tiles that are full, and the signed checkpoints. Hashes and ids only.

-- What a batch holds, by name: a row missing from the log is then missed. Null in batches older than this.
alter table log_batch add column entry_ids uuid[];
-- Transactions do not commit in the order in which they begin, nor do their ids; but once every transaction before one is over,
-- whatever they wrote can be seen. The sealer looks from there on, and misses nothing.
alter table log_batch add column transaction_id xid8;
alter table log_batch alter column transaction_id set default pg_current_xact_id();
create index log_batch_by_transaction on log_batch (transaction_id);

-- SHA-256 of what the receipt says: the second half of the leaf. It goes when the payload goes.
alter table access_log_payload add column receipt_digest bytea;

create table log_leaf (
  leaf_index bigint primary key,
  entry_id uuid not null unique,
  leaf_hash bytea not null,
  constraint log_leaf_index_from_zero check (leaf_index >= 0),
  constraint log_leaf_hash_size check (length(leaf_hash) = 32)
);

-- The root of each full tile; its hashes are the leaves, or the roots of the 256 tiles below.
create table log_tile (
  level smallint not null,
  tile_index bigint not null,
  root bytea not null,
  primary key (level, tile_index)
);

create table log_checkpoint (
  tree_size bigint primary key,
  root bytea not null,
  -- Roots of the tree's complete subtrees, the largest first: all that appending needs.
  frontier bytea not null,
  note text not null,
  -- Every transaction before this one was over, and its entries were sealed.
  horizon xid8 not null,
  -- The newest commit among all that is sealed.
  covers_until timestamptz not null,
  sealed_at timestamptz not null
);

create table log_cosignature (
  tree_size bigint not null references log_checkpoint (tree_size),
  witness text not null,
  line text not null,
  cosigned_at timestamptz not null,
  primary key (tree_size, witness)
);

create trigger log_leaf_append_only before update or delete on log_leaf for each row execute function refuse_change();
create trigger log_leaf_no_truncate before truncate on log_leaf execute function refuse_change();
create trigger log_tile_append_only before update or delete on log_tile for each row execute function refuse_change();
create trigger log_tile_no_truncate before truncate on log_tile execute function refuse_change();
create trigger log_checkpoint_append_only before update or delete on log_checkpoint for each row execute function refuse_change();
create trigger log_checkpoint_no_truncate before truncate on log_checkpoint execute function refuse_change();
create trigger log_cosignature_append_only before update or delete on log_cosignature for each row execute function refuse_change();
create trigger log_cosignature_no_truncate before truncate on log_cosignature execute function refuse_change();

grant select, insert on log_leaf, log_tile, log_checkpoint, log_cosignature to gateway_app;
