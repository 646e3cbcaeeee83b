import type { Recipe } from './catalogue.ts';

/** The recipes of one kind. */
export type Of<K extends Recipe['kind']> = Extract<Recipe, { kind: K }>;

/** A widget's own part: what is left once its head (id, kind, title, subtitle) is written. */
export type Body<W> = Omit<W, 'id' | 'kind' | 'title' | 'subtitle'>;
