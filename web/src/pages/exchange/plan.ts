/** A plan in words, part by part, for reading and comparing. */
import type { Schemas } from '$lib/api';
import { day, languageName, text } from '$lib/texts.svelte';

export interface Part {
  part: string;
  title: string;
  words: string;
}

/** Every part of a plan; what is not written yet is empty. */
export function partsOf(plan: Schemas['agreements.Plan']): Part[] {
  const lines = (each: readonly string[]) => each.join('\n');
  const numbered = (each: readonly string[]) => lines(each.map((words, at) => `${at + 1}. ${words}`));
  const stay = plan.start || plan.end ? `${day(plan.start)} – ${day(plan.end)}` : '';
  const steps = (plan.action_plan ?? []).map((each) => (each.day ? `${day(each.day)}: ${each.activity}` : each.activity));
  return [
    { part: 'stay', title: text('desk.stay'), words: stay },
    { part: 'place', title: text('plan.place'), words: plan.place ?? '' },
    { part: 'travel_days', title: text('plan.travelDays'), words: lines((plan.travel_days ?? []).map(day)) },
    { part: 'travellers', title: text('plan.travellers'), words: lines((plan.travellers ?? []).map((each) => (each.function ? `${each.name}, ${each.function}` : each.name))) },
    { part: 'objectives', title: text('plan.objectives'), words: numbered(plan.objectives ?? []) },
    { part: 'action_plan', title: text('plan.actionPlan'), words: lines(steps) },
    { part: 'expected_outcomes', title: text('plan.outcomes'), words: plan.expected_outcomes ?? '' },
    { part: 'visitor', title: text('plan.visitorDoes'), words: plan.responsibilities?.visitor ?? '' },
    { part: 'host', title: text('plan.hostDoes'), words: plan.responsibilities?.host ?? '' },
    { part: 'language', title: text('plan.language'), words: languageName(plan.language ?? 'en') },
  ];
}
