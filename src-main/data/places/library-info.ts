import { existsSync } from 'node:fs'
import type { z } from 'zod'
import type { dataSetInfo } from '../../../src-shared/contract/views.ts'
import { formatName } from '../../../src-shared/contract/format-names.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import type { DataRecord } from './library-records.ts'

export type DataSetInfo = z.infer<typeof dataSetInfo>

/** What a finding is called when it is set aside: its kind and place, without the numbers, which change with the data. */
const findingKey = ({ code, where }: Pick<Finding, 'code' | 'where'>): string =>
  [code, where?.session ?? where?.part ?? where?.file].filter((text) => text !== undefined).join(' @ ')

const isPresent = (record: DataRecord): boolean => existsSync(record.path)

/** A record as others see it. */
export function infoOf(record: DataRecord): DataSetInfo {
  const { id, name, aliases, kind, origin, addedAt, bytes, summary, facts, parts, sessions } = record
  return {
    ...{ id, name, kind, origin, addedAt, bytes, summary },
    facts: [
      ...(aliases.length === 0 ? [] : [{ label: 'Also called', value: aliases.join(', ') }]),
      // records keep the name that code gives a layout
      ...facts.map((f) => (f.label === 'Layout' ? { ...f, value: formatName(f.value) } : f)),
    ],
    fingerprint: id,
    ...(Object.keys(record.options).length > 0 && { options: record.options }),
    ...(!record.checked && { unchecked: true as const }),
    ...(parts && { parts }),
    ...(sessions && { sessions }),
    ...(record.stimuli && { stimuli: record.stimuli }),
    ...(record.choices && { choices: record.choices }),
    ...(record.account && { account: record.account }),
    findings: record.findings.map((finding) => {
      const key = findingKey(finding as Finding)
      const ignored = record.ignored[key]
      return { ...finding, key, ...(ignored && { ignored }) }
    }),
    present: isPresent(record),
  }
}

/** The record with a finding set aside, or taken up again where the reason is empty. @throws CotrainError for an unknown key. */
export function withIgnored(record: DataRecord, key: string, reason: string, at: number): DataRecord {
  const keys = record.findings.map((finding) => findingKey(finding as Finding))
  if (!keys.includes(key))
    throw new CotrainError({
      code: 'not-found',
      path: record.name,
      message: `has no finding "${key}".`,
      hint: keys.length === 0 ? 'It has none.' : `Findings: ${keys.join(', ')}.`,
    })
  const { [key]: _former, ...others } = record.ignored
  const text = reason.trim()
  return { ...record, ignored: text === '' ? others : { ...others, [key]: { reason: text, at } } }
}
