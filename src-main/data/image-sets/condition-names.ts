/** 1 -> "1.0": condition names carry numbers as the published tracker prints them. */
const asPrinted = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

/** Mode under which the final suite files a noise level. */
export const gaussMode = (std: number): string => `Validation_gauss ${asPrinted(std)}`
