/** The known name that the given one was probably meant to be; null when none is near. */
export const nearest = (given: string, known: readonly string[]): string | null => {
  if (given.length > 64) return null
  const wanted = given.toLowerCase().replaceAll('_', '-')
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  let best: string | null = null
  let least = limit + 1
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (distance < least) {
      least = distance
      best = name
    }
  }
  return best
}

const editDistance = (left: string, right: string): number => {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[right.length] as number
}
