import { describe, expect, it } from 'vitest';
import type { Activity } from '../../demo/server/resources/activities.ts';
import type { Child } from '../../demo/server/resources/children.ts';
import { maySuit, monthsBetween, scoreOf } from '../../demo/server/resources/score.ts';
import { aChild, anActivity, ids } from '../support/a-nursery.ts';

const activity = (more: object = {}): Activity =>
  ({ id: ids.activity(), allergens: [], materials: [], ...anActivity(more) }) as Activity;

const child = (more: object = {}): Child =>
  ({
    id: ids.child(),
    interests: [],
    goals: [],
    allergies: [],
    recent_activity_ids: [],
    ...aChild(more),
  }) as Child;

describe('an age in months', () => {
  it.each([
    ['2022-03-02', '2026-03-02', 48],
    ['2022-03-03', '2026-03-02', 47],
    ['2022-12-31', '2023-01-01', 0],
    ['2024-02-29', '2025-02-28', 11],
    ['2024-02-29', '2025-03-01', 12],
    ['2026-03-02', '2026-03-02', 0],
    ['2026-03-03', '2026-03-02', -1],
  ])('from %s to %s is %s', (birth, day, months) => {
    expect(monthsBetween(birth, day)).toBe(months);
  });
});

describe('an activity may suit a child', () => {
  it.each([
    [35, false],
    [36, true],
    [72, true],
    [73, false],
  ])('of %s months: %s', (months, isRight) => {
    expect(maySuit(activity(), child(), months)).toBe(isRight);
  });

  it('unless it is allergic to something there', () => {
    const nutty = activity({ allergens: ['nuts', 'milk'] });

    expect(maySuit(nutty, child({ allergies: ['eggs'] }), 48)).toBe(true);
    expect(maySuit(nutty, child({ allergies: ['milk'] }), 48)).toBe(false);
  });
});

describe('points', () => {
  it.each([
    [36, 17.5],
    [45, 26.3],
    [54, 35],
    [72, 17.5],
  ])('for age: at %s of 36 to 72 months %s', (months, points) => {
    expect(scoreOf(activity(), child(), months).points.age).toBe(points);
  });

  it('for age: all where there is but one', () => {
    const narrow = activity({ age: { min_months: 48, max_months: 48 } });

    expect(scoreOf(narrow, child(), 48).points.age).toBe(35);
  });

  it.each([
    [[], 12.5],
    [['role_play', 'art'], 25],
    [['art'], 0],
  ])('for interests: %s gives %s', (interests, points) => {
    expect(scoreOf(activity(), child({ interests }), 48).points.interests).toBe(points);
  });

  it.each([
    [[], 10],
    [['speech'], 20],
    [['speech', 'balance'], 10],
    [['balance'], 0],
  ])('for goals: %s gives %s', (goals, points) => {
    expect(scoreOf(activity(), child({ goals }), 48).points.goals).toBe(points);
  });

  it.each([
    ['calm', 10],
    ['moderate', 5],
    ['lively', 0],
  ])('for energy: %s gives %s', (energy, points) => {
    expect(scoreOf(activity(), child({ energy }), 48).points.energy).toBe(points);
  });

  it('for novelty: none where it was done recently', () => {
    const bored = child({ recent_activity_ids: [ids.activity()] });

    expect(scoreOf(activity(), child(), 48).points.novelty).toBe(10);
    expect(scoreOf(activity(), bored, 48).points.novelty).toBe(0);
  });

  it('come to a hundred at best', () => {
    const ideal = child({ interests: ['role_play'], goals: ['speech'], energy: 'calm' });

    expect(scoreOf(activity(), ideal, 54).total).toBe(100);
  });
});
