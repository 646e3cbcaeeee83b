/** What seeded sessions talk about: questions, each with its answer. */
interface Conversation {
  readonly title: string;
  readonly tags: readonly string[];
  readonly exchanges: readonly (readonly [string, string])[];
}

export const conversations: readonly Conversation[] = [
  {
    title: 'Rainy days',
    tags: ['planning', 'indoors'],
    exchanges: [
      [
        'It rains all week. What keeps twelve children busy indoors?',
        'An obstacle course of cushions and chairs, then something quiet: painting with sponges works well after it.',
      ],
      [
        'Some of them are only two.',
        'Then leave the chairs out, and let them crawl through a tunnel of cloth.',
      ],
      ['How long will that last?', 'About half an hour. Plan a story after it.'],
    ],
  },
  {
    title: 'Summer party',
    tags: ['party'],
    exchanges: [
      [
        'We have forty guests and a garden. Which games?',
        'Sack races and a water relay for the older ones; a sand pit with hidden shells for the little ones.',
      ],
      [
        'What about the heat?',
        'Start at nine, put a tent over the craft table, and have water at each station.',
      ],
    ],
  },
  {
    title: 'Letters before school',
    tags: ['language', 'school'],
    exchanges: [
      [
        'Four of our group start school in autumn. What helps?',
        'Rhymes and clapping syllables help more than writing. Ten minutes a day are enough.',
      ],
      [
        'They want to write their names.',
        'Let them: in sand, in shaving foam, with chalk on the ground. Large movements come first.',
      ],
      ['And those who don’t want to?', 'They tell a story, and you write it down for them.'],
    ],
  },
  {
    title: 'A walk in the wood',
    tags: ['nature', 'outdoors'],
    exchanges: [
      [
        'What do we take along?',
        'Magnifying glasses, paper bags for what is found, a first-aid kit, and a rope to hold on to.',
      ],
      [
        'Is it too far for three-year-olds?',
        'A kilometre with stops is fine. Choose a place to stay, and let them explore from there.',
      ],
    ],
  },
  {
    title: 'Settling in',
    tags: ['parents'],
    exchanges: [
      [
        'Mira cries when her father leaves.',
        'A short farewell that is the same each day helps. Let her carry something of his.',
      ],
      [
        'For how long is that normal?',
        'Two to four weeks. If it gets worse after that, talk with the family.',
      ],
    ],
  },
  {
    title: 'Music without instruments',
    tags: ['music'],
    exchanges: [
      [
        'The instruments are being repaired.',
        'Use hands, knees and voices: echo rhythms, a storm of finger taps, a song with gestures.',
      ],
      [
        'Something to make ourselves?',
        'Rice in tins, rubber bands on boxes, spoons on flower pots.',
      ],
      ['Which song would you take?', 'One that all know already; the rhythm is new enough.'],
    ],
  },
];
