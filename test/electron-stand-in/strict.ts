/**
 * An object whose unknown members throw by name. A double that quietly has no effect would hide that the app uses
 * something which is not imitated.
 */
export function strict<T extends object>(name: string, members: T): T {
  return new Proxy(members, {
    get(target, key, receiver) {
      // Promises and inspection look for these on everything.
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key in target)
        return Reflect.get(target, key, receiver) as unknown
      throw new Error(`the stand-in of Electron has no ${name}.${key}`)
    },
  })
}
