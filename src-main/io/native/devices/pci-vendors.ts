import type { Adapter } from '../../../../src-shared/contract/adapter.ts'

/** Vendors of graphics adapters that compute, by PCI number; screen controllers of servers and virtual ones are no such. */
const VENDORS: Readonly<Record<string, Adapter['vendor']>> = {
  '1002': 'AMD',
  '8086': 'Intel',
  '106b': 'Apple',
  '10de': 'NVIDIA',
}

/** The vendor of a PCI number in hexadecimal, with or without `0x`; null for others. */
export const vendorOf = (id: string): Adapter['vendor'] | null =>
  VENDORS[id.trim().toLowerCase().replace(/^0x/, '')] ?? null
