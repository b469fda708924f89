/** What somebody who knows nothing of the gateway reads first. */
export const bundleReadme = (about: {
  readonly origin: string
  readonly size: number
  readonly entries: number
}): string => `ACCESS LOG BUNDLE

This archive holds ${about.entries} of the ${about.size} entries of the access log "${about.origin}".
It contains personal data. Keep it as you keep the log itself, and destroy it when you have done with it.

WHAT IS IN IT
  manifest.json     what was exported, when, the keys to check it with, and what they signed of one another
  checkpoint.txt    the log's signed promise about all its entries, with the signatures of its witnesses
  checkpoints.txt   all earlier promises
  entries/          the entries, one a line, in the order of the log
  unsealed.tsv      entries that had no place in the log yet when this was written
  batches.tsv       one signature for each commit, over the entries written in it
  outside.tsv       hashes that stand for the entries that are not in this archive

HOW TO CHECK IT
  iom log verify bundle.zip
needs no network and no gateway. It says "whole", or which entry was altered, deleted, moved or put in, and what is wrong with it.

Whoever could rewrite the whole log could write a whole bundle to match. So compare with something they could not rewrite:
  iom log verify bundle.zip --key <the log's key, told to you when you joined: from it all later keys follow>
  iom log verify bundle.zip --checkpoint <a checkpoint that a witness kept>

HOW IT WORKS
  A line of entries/ has these columns, between tabs: leaf index, entry id, leaf hash in the tree, instant, leaf hash in the log,
  commit (epoch, counter, place), salt, digest of the receipt, the entry that accounts for an erasure, search columns, the entry.
  commitment = SHA-256(salt, entry)
  leaf       = SHA-256(0x00, commitment, digest of the receipt)
  The leaves form the tree of RFC 6962, whose root stands in the checkpoint.
  An entry that was lawfully erased has no salt and no text any more; its leaf still stands, and another entry says who erased it.
`
