import type { Database, Tables } from '../platform/database.ts';
import { createRandom, type Random } from '../widgets/random.ts';
import { allergens, categories, energies, skills, weathers, type Activity } from './activities.ts';
import type { Child } from './children.ts';
import type { Group } from './groups.ts';
import { seededUuid } from './ids.ts';
import { firstNames, groupNames, templates, themes } from './seed-words.ts';

/** `demo` comes first: its resources are the examples of the API's description. */
const owners = ['demo', 'ann', 'bob', 'admin'];
const childrenPerGroup = 25;
/** Each template and theme, for younger and for older children. */
const tiers = [
  { min: 12, max: 42 },
  { min: 36, max: 84 },
];

const some = <T>(random: Random, values: readonly T[], most: number): T[] => {
  const count = random.integer(0, most);
  const start = random.integer(0, values.length - 1);
  return Array.from(
    { length: count },
    (_, at) => values[(start + at * 2 + (at % 2)) % values.length]!,
  ).filter((value, at, all) => all.indexOf(value) === at);
};

const one = <T>(random: Random, values: readonly T[]): T =>
  values[random.integer(0, values.length - 1)]!;

function* seededActivities(): Generator<Omit<Activity, 'id'>> {
  const random = createRandom(11);
  for (const theme of themes) {
    for (const category of categories) {
      for (const template of templates[category]) {
        for (const tier of tiers) {
          const fill = (text: string) => text.replace('#', theme);
          const least = random.integer(1, 4);
          const isOutdoor = template.setting === 'outdoor';
          yield {
            title: fill(template.title),
            description: fill(template.description),
            category,
            skills: [...template.skills],
            age: {
              min_months: tier.min + random.integer(0, 4) * 3,
              max_months: tier.max - random.integer(0, 3) * 3,
            },
            group_size: { min: least, max: least + random.integer(3, 20) },
            duration_minutes: random.integer(3, 18) * 5,
            setting: template.setting,
            weather: isOutdoor
              ? ['sun', 'clouds', ...(random.next() < 0.3 ? (['snow'] as const) : [])]
              : [...weathers],
            energy: template.energy,
            allergens: [...(template.allergens ?? [])],
            materials: template.materials.map((name) => ({
              name,
              quantity: random.integer(1, 12),
            })),
          };
        }
      }
    }
  }
}

function aChild(random: Random, groupId: string, activityCount: number): Omit<Child, 'id'> {
  const birth = Date.UTC(2020, 0, 1) + random.integer(0, 1500) * 86_400_000;
  return {
    first_name: one(random, firstNames),
    birth_date: new Date(birth).toISOString().slice(0, 10),
    group_id: groupId,
    interests: some(random, categories, 4),
    goals: some(random, skills, 3),
    energy: one(random, energies),
    allergies: random.next() < 0.2 ? some(random, allergens, 2) : [],
    recent_activity_ids: Array.from({ length: random.integer(0, 5) }, () =>
      seededUuid('activity', random.integer(0, activityCount - 1)),
    ),
  };
}

/** The words of an activity, as its index has them. */
const text = (row: string) =>
  `${row}.data ->> '$.title', (${row}.data ->> '$.description') || ' ' || (${row}.data ->> '$.category')`;

/**
 * Keeps the index of words as the activities are. It is made once the seeds are in: those go into the index at once,
 * which takes a sixth of the time.
 */
const indexing = `
  INSERT INTO activity_texts (rowid, title, rest) SELECT number, ${text('activities')} FROM activities;
  CREATE TRIGGER activity_added AFTER INSERT ON activities BEGIN
    INSERT INTO activity_texts (rowid, title, rest) VALUES (new.number, ${text('new')});
  END;
  CREATE TRIGGER activity_changed AFTER UPDATE ON activities BEGIN
    DELETE FROM activity_texts WHERE rowid = old.number;
    INSERT INTO activity_texts (rowid, title, rest) VALUES (new.number, ${text('new')});
  END;
  CREATE TRIGGER activity_removed AFTER DELETE ON activities BEGIN
    DELETE FROM activity_texts WHERE rowid = old.number;
  END;
`;

function seed(database: Database): void {
  const into = (table: string) => {
    const insert = database.prepare(`INSERT INTO ${table} (id, user, data) VALUES (?, ?, ?)`);
    return (id: string, user: string, data: object) => insert.run(id, user, JSON.stringify(data));
  };
  const [addActivity, addGroup, addChild] = [into('activities'), into('groups'), into('children')];

  let activities = 0;
  // The catalogue is the administrators'.
  for (const data of seededActivities()) {
    addActivity(seededUuid('activity', activities++), 'admin', data);
  }
  database.exec(indexing);
  database.exec('INSERT INTO resource_seeds VALUES (1)');

  const random = createRandom(12);
  let [groups, children] = [0, 0];
  for (const owner of owners) {
    for (const [name, room] of groupNames) {
      const groupId = seededUuid('group', groups++);
      const data: Omit<Group, 'id'> = { name, room, capacity: childrenPerGroup };
      addGroup(groupId, owner, data);
      for (let n = 0; n < childrenPerGroup; n++) {
        addChild(seededUuid('child', children++), owner, aChild(random, groupId, activities));
      }
    }
  }
}

/** Activities with an index of their words, groups and children. */
export const resourceTables: Tables = {
  first: 'resource_seeds',
  schema: `
    -- What was seeded and then deleted doesn't come back.
    CREATE TABLE IF NOT EXISTS resource_seeds (sown INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE IF NOT EXISTS activities (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, data TEXT NOT NULL,
      category TEXT AS (data ->> '$.category'), setting TEXT AS (data ->> '$.setting'),
      min_months INTEGER AS (data ->> '$.age.min_months'), max_months INTEGER AS (data ->> '$.age.max_months')
    ) STRICT;
    CREATE INDEX IF NOT EXISTS activities_by_category ON activities (category, id);
    CREATE INDEX IF NOT EXISTS activities_by_age ON activities (min_months, max_months);
    CREATE VIRTUAL TABLE IF NOT EXISTS activity_texts USING fts5 (title, rest, tokenize = 'porter unicode61');

    CREATE TABLE IF NOT EXISTS groups (
      id TEXT PRIMARY KEY, user TEXT NOT NULL, data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS groups_by_user ON groups (user, id);

    CREATE TABLE IF NOT EXISTS children (
      id TEXT PRIMARY KEY, user TEXT NOT NULL, data TEXT NOT NULL,
      group_id TEXT AS (data ->> '$.group_id')
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS children_by_user ON children (user, id);
    CREATE INDEX IF NOT EXISTS children_by_group ON children (group_id, id);
  `,
  seed,
};
