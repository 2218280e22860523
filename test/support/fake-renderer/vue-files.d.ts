// vue-tsc checks the components themselves; here it is enough to know that they are components.
declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent
  export default component
}
