import type { FullTile } from '../../ledger/frontier.ts'
import type { TileAddress } from '../../ledger/tiles.ts'
import type { Db, Tx } from '../db.ts'

export const insertTiles = async (tx: Tx, tiles: readonly FullTile[]): Promise<void> => {
  if (tiles.length === 0) return
  await tx.query({
    text: `insert into log_tile (level, tile_index, root)
           select t.level, t.index, t.root from unnest($1::smallint[], $2::bigint[], $3::bytea[]) as t (level, index, root)`,
    values: [tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.root)],
  })
}

/** The hashes of a tile, 32 bytes each, or fewer where the log is not that long. At level 0 they are leaves, above it roots of tiles. */
export const readTile = async (db: Db, { level, index, width }: TileAddress): Promise<Buffer> => {
  const from = index * 256
  const question =
    level === 0
      ? {
          name: 'read-leaf-tile',
          text: 'select l.leaf_hash as hash from log_leaf l where l.leaf_index >= $1 and l.leaf_index < $2 order by l.leaf_index',
          values: [from, from + width],
        }
      : {
          name: 'read-inner-tile',
          text: `select t.root as hash from log_tile t
                  where t.level = $3 and t.tile_index >= $1 and t.tile_index < $2 order by t.tile_index`,
          values: [from, from + width, level - 1],
        }
  const { rows } = await db.query<{ hash: Buffer }>(question)
  return Buffer.concat(rows.map((row) => row.hash))
}
