import type { ModelShapes } from '../../engine/model/index.ts'
import type { Route, TaskName } from '../../engine/types.ts'

/** Every output of a network: classes, and each session of each area that it was trained on. */
export const routesOf = (
  tasks: readonly TaskName[],
  { sessions }: Pick<ModelShapes, 'sessions'>,
): readonly Route[] =>
  tasks.flatMap((task): Route[] =>
    task === 'img_classification'
      ? [{ task }]
      : sessions.filter(({ area }) => area === task).map(({ key }) => ({ task, session: key })),
  )

/** `img_classification`, or `v1/<session>`. */
export const outputName = (route: Route): string =>
  route.task === 'img_classification' ? route.task : `${route.task}/${route.session}`
