/**
 * Builders of the parts that package.json states. Options come with their defaults filled in; `t` holds the functions over tensors.
 * Layout is [batch, height, width, channels]. See docs/guide/plugins.md.
 */

export const models = {
  'example/one_layer': ({ channels, kernel, pool, l1 }, data, t) => {
    const image = Object.values(data.inputs)[0]
    const side = (size) => Math.floor((size - kernel + 1) / pool)
    const features = side(image.height) * side(image.width) * channels
    const readouts = [
      ...data.sessions.map(({ area, key, units }) => ({ name: nameOf(area, key), outputs: units })),
      ...(data.classes === null ? [] : [{ name: nameOf('img_classification', null), outputs: data.classes }]),
    ]
    return {
      // What is learned. The part before the dot names the block (freezing, learning rates of their own).
      tensors: [
        {
          name: 'core.kernel',
          shape: [kernel, kernel, image.channels, channels],
          init: { normal: 1 / kernel },
        },
        { name: 'core.bias', shape: [channels], init: { constant: 0 } },
        ...readouts.flatMap(({ name, outputs }) => [
          {
            name: `readout.${name}-weight`,
            shape: [features, outputs],
            init: { uniform: 1 / Math.sqrt(features) },
          },
          { name: `readout.${name}-bias`, shape: [outputs], init: { constant: 1 } },
        ]),
      ],
      // One pass: [batch, height, width, channels] -> [batch, units], or logits [batch, classes].
      apply: ({ value, inputs, task, session }) => {
        const map = t.elu(t.add(t.conv2d(inputs, value('core.kernel')), value('core.bias')))
        const seen = t.reshape(t.meanPool(map, pool), [inputs.shape[0], features])
        const name = nameOf(task, session)
        const answer = t.dense(seen, value(`readout.${name}-weight`), {
          bias: value(`readout.${name}-bias`),
        })
        return task === 'img_classification' ? answer : t.add(t.elu(answer), 1) // responses are positive
      },
      // Added to the loss where the trainer regularises.
      penalty: ({ value, task, session }) =>
        t.mul(t.sum(t.abs(value(`readout.${nameOf(task, session)}-weight`))), l1),
    }
  },
}

/** Names of tensors hold letters, digits, - and _ alone. */
const nameOf = (task, session) => [task, session ?? 'classes'].join('-').replaceAll(/[^A-Za-z0-9_-]/g, '_')

export const losses = {
  /** Terms [batch, units]: CoTrain leaves missing responses out and takes mean or sum. */
  'example/huber':
    ({ delta }, t) =>
    (output, target) => {
      const error = t.abs(t.sub(output, target))
      const near = t.minimum(error, delta)
      return t.add(t.mul(t.square(near), 0.5), t.mul(t.sub(error, near), delta))
    },
}

export const measures = {
  /** One number for each unit of a session; responses are [trials, units] one row behind the other, NaN where none was recorded. */
  'example/mean_absolute_error':
    () =>
    ({ predicted, recorded, trials, units }) =>
      Array.from({ length: units }, (_, unit) => {
        const errors = Array.from({ length: trials }, (_, trial) => {
          const at = trial * units + unit
          return Math.abs(predicted[at] - recorded[at])
        }).filter((error) => !Number.isNaN(error))
        return errors.reduce((sum, error) => sum + error, 0) / errors.length
      }),
}
