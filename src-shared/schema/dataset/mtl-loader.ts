import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import type { OptionsOf, RuleTable } from '../component.ts'
import { component } from '../component.ts'
import { choice, fieldMeta, group } from '../field.ts'
import type { ImageOptions } from './image-fields.ts'
import { imageFields } from './image-fields.ts'
import { checkImages, imageApplies, imageDerive } from './image-rules.ts'
import { neuralFields } from './neural-fields.ts'
import { checkNeural, neuralApplies, neuralDerive } from './neural-rules.ts'

/** An empty group means that the part is absent, as in the published configs. */
function neuralPart(label: string, aliases: readonly string[] = []) {
  const isEmpty = (given: unknown): boolean =>
    typeof given === 'object' && given !== null && Object.keys(given).length === 0
  const schema = z.preprocess(
    (given) => (isEmpty(given) ? null : given),
    z.strictObject(neuralFields).nullable().default(null),
  )
  fieldMeta.add(schema, { label, help: `Options of the ${label}; empty: none.`, aliases })
  return schema
}

const fields = {
  classification_loader: choice(['img_classification', 'neural', 'none'], {
    default: 'img_classification',
    label: 'Classification from',
    help: 'A set of its own, the class labels of a neural set, or none.',
  }),
  img_dataset_dict: group(imageFields, { label: 'Images', help: 'Options of the classification part.' }),
  v1_dataset_dict: neuralPart('V1 part', ['neural_dataset_dict']),
  v4_dataset_dict: neuralPart('V4 part'),
}

type MtlOptions = OptionsOf<typeof fields>
type Part = Exclude<keyof MtlOptions, 'classification_loader'>
type Rules<T> = RuleTable<T, MtlOptions>

const within = <K extends Part, T>(part: K, rules: RuleTable<T, NonNullable<MtlOptions[K]>>): Rules<T> =>
  Object.fromEntries(
    Object.entries(rules).map(([key, rule]) => [
      `${part}.${key}`,
      (c: MtlOptions) => rule(c[part]!), // options of a part that is off are not asked for
    ]),
  )

const AREAS = { v1_dataset_dict: 'v1', v4_dataset_dict: 'v4' } as const
type AreaPart = keyof typeof AREAS
const PARTS: readonly AreaPart[] = ['v1_dataset_dict', 'v4_dataset_dict']
const images = (c: MtlOptions): ImageOptions | null => (withImages(c) ? c.img_dataset_dict : null)
const withImages = (c: MtlOptions): boolean => c.classification_loader === 'img_classification'

/** Populations and finished runs see the images of the classification part unless told otherwise. */
const shownImages = (part: AreaPart): Rules<unknown> => {
  const set = (group: 'generator' | 'predictions') => (c: MtlOptions) => {
    const chosen = images(c)?.dataset_cls
    const cannotBeShown = chosen === undefined || chosen === 'ImageNet' || chosen === 'library'
    return cannotBeShown ? c[part]?.[group].image_set : chosen
  }
  const size = (c: MtlOptions): number => images(c)?.input_size ?? 64
  return {
    [`${part}.generator.image_set`]: set('generator'),
    [`${part}.generator.image_size`]: size,
    [`${part}.predictions.image_set`]: set('predictions'),
    [`${part}.predictions.image_size`]: size,
  }
}

const areaDerive = (part: AreaPart): Rules<unknown> => {
  const { 'generator.image_size': _shown, 'predictions.image_size': _answered, ...rules } = neuralDerive
  return { [`${part}.target_types`]: () => [AREAS[part]], ...within(part, rules), ...shownImages(part) }
}

const labels = (config: MtlOptions, part: AreaPart): boolean =>
  config[part]?.target_types.includes('img_classification') === true

function checkArea(config: MtlOptions, part: AreaPart): readonly Problem[] {
  const own = config[part]
  if (own === null) return []
  const wrong = (message: string, hint: string): Problem => ({
    code: 'config-invalid',
    path: 'target_types',
    message,
    hint,
  })
  const problems = [...checkNeural(own)]
  if (!own.target_types.includes(AREAS[part]))
    problems.push(wrong(`does not name ${AREAS[part]}.`, `Write [${AREAS[part]}].`))
  if (labels(config, part) && config.classification_loader !== 'neural') {
    problems.push(
      wrong(
        'class labels come from another set.',
        'Leave img_classification out, or set classification_loader to neural.',
      ),
    )
  }
  return problems
}

function check(config: MtlOptions): readonly Problem[] {
  const inside = (part: string, found: readonly Problem[]): Problem[] =>
    found.map((p) => ({ ...p, path: p.path === undefined ? part : `${part}.${p.path}` }))
  const problems: Problem[] = withImages(config)
    ? inside('img_dataset_dict', checkImages(config.img_dataset_dict))
    : []
  for (const part of PARTS) problems.push(...inside(part, checkArea(config, part)))
  if (config.classification_loader === 'neural' && !PARTS.some((part) => labels(config, part))) {
    problems.push({
      code: 'config-invalid',
      path: 'classification_loader',
      message: 'no neural part carries class labels.',
      hint: 'Add img_classification to the target_types of one of them.',
    })
  }
  return problems
}

const tasks = (config: MtlOptions): readonly string[] => [
  ...PARTS.flatMap((part) => config[part]?.target_types ?? []),
  ...(withImages(config) ? ['img_classification'] : []),
]

/** Classification together with V1 and V4 responses (MTLDatasetsConfig of neural_cotraining). */
export const mtlLoader = component({
  kind: 'dataset',
  fn: 'mtl_loader',
  version: 1,
  title: 'Images and responses',
  help: 'Classification images together with responses of V1, V4 or both.',
  fields,
  tasks,
  derive: {
    ...within('img_dataset_dict', imageDerive),
    ...areaDerive('v1_dataset_dict'),
    ...areaDerive('v4_dataset_dict'),
  },
  applies: {
    img_dataset_dict: withImages,
    ...within('img_dataset_dict', imageApplies),
    ...within('v1_dataset_dict', neuralApplies),
    ...within('v4_dataset_dict', neuralApplies),
  },
  check,
})
