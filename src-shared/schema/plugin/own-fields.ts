import type { z } from 'zod'
import { boolean, choice, int, number, text } from '../field.ts'
import { capital } from '../../util/capital.ts'
import type { OwnEntry, OwnField } from './manifest.ts'

/** The options of a part of a plug-in as fields like any other: checks, form, defaults and identity are read from them. */
export const ownFields = ({ fields }: Pick<OwnEntry, 'fields'>): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fieldFor(key, field)]))

function fieldFor(key: string, { label = capital(key.replaceAll('_', ' ')), ...field }: OwnField): z.ZodType {
  const { help } = field
  const group = 'Options'
  switch (field.type) {
    case 'number':
    case 'int': {
      const { default: fallback, min, max, unit } = field
      const range = {
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(unit === undefined ? {} : { unit }),
      }
      return (field.type === 'int' ? int : number)({ default: fallback, label, help, group, ...range })
    }
    case 'boolean':
      return boolean({ default: field.default, label, help, group })
    case 'text':
      return text({ default: field.default, label, help, group })
    case 'choice': {
      const [first = '', ...others] = field.choices
      return choice([first, ...others], { default: field.default, label, help, group })
    }
  }
}

/** What is wrong with the defaults that a package states; empty where each is a value that its own option takes. */
export const wrongDefaults = ({ fields }: Pick<OwnEntry, 'fields'>): readonly string[] =>
  Object.entries(fields).flatMap(([key, field]) =>
    fieldFor(key, field).safeParse(field.default).success ? [] : [key],
  )
