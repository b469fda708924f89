import type { Role } from '../../core/vocabulary.ts'
import type { ConsoleUses, Session } from './console-uses.ts'
import type { Form } from './doors/read-form.ts'

/** What an operation answered, as it may be told. */
export interface Told {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly entryId: string
}

export interface Asked {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The form's own key: sent twice, it acts once. */
  readonly key?: string
  /** The version that was read: what changed since is not changed unseen. */
  readonly ifMatch?: string
}

/** One person's request for one page. */
export interface PageRequest {
  readonly session: Session
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The pages that this person is offered. */
  readonly offers: readonly { readonly path: string; readonly title: string; readonly offers?: string }[]
  /** Names by id, of every agency that takes part; templates have them without asking. */
  agencyNames(): Promise<ReadonlyMap<string, string>>
  /** The rules of the policy in force, as every partner may read them. */
  rules(): ReturnType<ConsoleUses['rules']>
  /** Null when the page is only opened. */
  readonly form: Form | null
  /** Asks an operation of the contract in this person's name: the same decision and the same entry as over the interface. */
  ask(operationId: string, asked?: Asked): Promise<Told>
  /** Holds a request against the contract and does nothing else: 200, or 400 with what is wrong where. */
  check(operationId: string, asked: Asked): Pick<Told, 'status' | 'body'>
}

/** Something to keep: shown by nobody, offered as a download. */
export interface PageFile {
  /** Fixed words, never what somebody typed. */
  readonly name: string
  readonly mediaType: string
  readonly content: string | Uint8Array
}

export type PageAnswer =
  | {
      /** A template below pages/. */
      readonly view: string
      readonly title?: string
      readonly status?: number
      readonly data: Readonly<Record<string, unknown>>
    }
  | { readonly to: string }
  | { readonly file: PageFile }

export type Section = 'home' | 'people' | 'conferences' | 'permissions' | 'agreements' | 'agency' | 'log' | 'policies' | 'foi' | 'rights'

/** A page of the console. The table of them is pages.ts. */
export interface Page {
  /** Below /console; `:name` stands for an id that says nothing about a person. */
  readonly path: string
  readonly title: string
  readonly section: Section
  /** Who is offered it on the home page and in the menu; what may be seen there the operations decide. Empty: everybody. */
  readonly roles: readonly Role[]
  /** Says on the home page what it is for; absent where one comes to it from another page. */
  readonly offers?: string
  /** It binds: the person proves again who they are before it does. */
  readonly binds?: boolean
  /** It takes files, and so much in all; other pages take a form of words. */
  readonly takesBytes?: number
  /** What its form changes; absent where a form only reads. */
  readonly operationId?: string
  readonly open: (request: PageRequest) => Promise<PageAnswer>
  readonly submit?: (request: PageRequest & { readonly form: Form }) => Promise<PageAnswer>
}
