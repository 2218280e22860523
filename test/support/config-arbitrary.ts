import { z } from 'zod'
import type { ComponentKind } from '../../src-shared/schema/component.ts'
import { components } from '../../src-shared/schema/registry.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import { fc } from './property.ts'

/** A config as written, known to be valid. */
export type Written = Record<ComponentKind, { fn: string; config: Record<string, unknown> }> & {
  name: string
  seed: number
}

const WORDS = ['conv1', 'relu2', 'a', 'session-1', 'x y'] as const
/** Given a free map, names that some options ask for. */
const KEYS = ['v1', 'v4', 'img_classification', '1', '3', '0.1', '-1', 'readout'] as const

/** Values that a schema accepts: of its type, in its range. */
export function valuesOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  return anyOf(schema).filter((value) => schema.safeParse(value).success)
}

function anyOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return anyOf(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodPipe) return anyOf(schema.out as z.ZodType)
  if (schema instanceof z.ZodNullable) return fc.option(anyOf(schema.unwrap() as z.ZodType), { freq: 3 })
  if (schema instanceof z.ZodNumber) return numbers(schema)
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options)
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values)
  if (schema instanceof z.ZodString) return fc.constantFrom(...WORDS)
  if (schema instanceof z.ZodNull) return fc.constant(null)
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map((o) => anyOf(o as z.ZodType)))
  if (schema instanceof z.ZodTuple)
    return fc.tuple(...schema.def.items.map((item) => anyOf(item as z.ZodType)))
  if (schema instanceof z.ZodArray) return fc.array(anyOf(schema.element as z.ZodType), { maxLength: 3 })
  if (schema instanceof z.ZodRecord) {
    const keys = schema.keyType instanceof z.ZodEnum ? schema.keyType.options.map(String) : [...KEYS]
    const entries = fc.tuple(fc.constantFrom(...keys), anyOf(schema.valueType as z.ZodType))
    return fc.array(entries, { minLength: 1, maxLength: 2 }).map((list) => Object.fromEntries(list))
  }
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.shape as Record<string, z.ZodType>)
    return fc.record(Object.fromEntries(shape.map(([key, type]) => [key, valuesOf(type)])), {
      requiredKeys: [],
    })
  }
  return fc.constantFrom(1, 'a', null)
}

function numbers(schema: z.ZodNumber): fc.Arbitrary<number> {
  const [low, high] = [schema.minValue ?? -8, schema.maxValue ?? Infinity]
  const from = Math.max(low, -8)
  const to = Math.min(high, Math.max(from + 40, 40))
  const whole = fc.integer({ min: Math.ceil(from), max: Math.floor(to) })
  if (schema.isInt === true || schema.format === 'safeint') return whole
  return fc.integer({ min: 0, max: 20 }).map((k) => Number((from + ((to - from) * k) / 20).toPrecision(6)))
}

/** Valid configs of every combination of components, with some options given; those that cannot stand together are taken out. */
export const validConfigs: fc.Arbitrary<Written> = fc
  .record({ dataset: part('dataset'), model: part('model'), trainer: part('trainer'), seed: fc.nat(5000) })
  .map((config) => mended({ name: 'drawn', ...config }))
  .filter((config): config is Written => config !== null)

function part(kind: ComponentKind): fc.Arbitrary<{ fn: string; config: Record<string, unknown> }> {
  return fc.constantFrom(...components[kind]).chain(({ fn, schema }) => {
    const options = Object.entries(schema.shape as Record<string, z.ZodType>)
    return fc
      .subarray(options, { minLength: 0, maxLength: Math.min(12, options.length) })
      .chain((chosen) => fc.record(Object.fromEntries(chosen.map(([key, type]) => [key, valuesOf(type)]))))
      .map((config) => ({ fn, config: config as Record<string, unknown> }))
  })
}

/** More tries than there are options given is more than enough. */
const MOST_TRIES = 60

/** Takes out what the problems name, until there are none; null where even the defaults do not fit together. */
function mended(config: Written): Written | null {
  let next = structuredClone(config)
  for (let i = 0; i < MOST_TRIES; i++) {
    const parsed = parseRunConfig(next)
    if (parsed.ok) return next
    if (!parsed.problems.map((p) => takeOut(next, p.path ?? '')).some((done) => done)) return null
    next = structuredClone(next)
  }
  return null
}

/** Removes the option at a path, or the nearest one above it that is given. */
function takeOut(config: Written, path: string): boolean {
  const keys = path.split('.')
  for (let depth = keys.length; depth > 2; depth--) {
    const holder = keys
      .slice(0, depth - 1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], config)
    const key = keys[depth - 1] as string
    if (holder !== null && typeof holder === 'object' && key in holder) {
      Reflect.deleteProperty(holder, key)
      return true
    }
  }
  return false
}
