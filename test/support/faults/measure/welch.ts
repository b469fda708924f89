/** Welch's t of two samples: how many standard errors their means are apart, whatever their variances. */
export const welchT = (one: readonly number[], other: readonly number[]): number => {
  const [a, b] = [momentsOf(one), momentsOf(other)]
  return (a.mean - b.mean) / Math.sqrt(a.variance / one.length + b.variance / other.length)
}

const momentsOf = (sample: readonly number[]): { mean: number; variance: number } => {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length
  return { mean, variance: sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sample.length - 1) }
}

/** The value that this share of the sample does not exceed. */
export const percentile = (sample: readonly number[], share: number): number => {
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
