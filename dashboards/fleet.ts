import type { Catalogue } from '../slo/catalogue.ts';
import type { Dashboard } from '../slo/resources/dashboard.ts';
import { dashboard } from './dashboard.ts';
import { incidents, type NamedPolicy } from './incidents.ts';
import { budgetCard, budgetTable, burnChart, type Owned } from './objectives.ts';

const CARDS_MAX = 24;
const GROUP_SERVICES = 5;
/** Two widgets a group, and the rest of a dashboard below 40. */
const GROUPS_MAX = 17;

/** All services at a glance: how much of each budget is left, and how fast it goes. */
export function fleetDashboard({ services, target }: Catalogue, policies: readonly NamedPolicy[]): Dashboard {
  const groups = services.map(service => service.objectives.map(objective => ({ service, objective })));
  const owned = groups.flat();
  const widgets = owned.length > CARDS_MAX ? groupWidgets(groups) : ownWidgets(owned);
  const sections = [
    { heading: 'Error budgets', widgets },
    { heading: 'Alerts', widgets: incidents(policies, 'full') },
  ];
  return dashboard('fleet', 'Fleet', sections, target);
}

const nameOf = ({ service, objective }: Owned) => `${service.title}: ${objective.title}`;

function ownWidgets(owned: readonly Owned[]) {
  if (owned.length === 0) return [];
  const burn = { ...burnChart('Burn rates over 1 h', owned, nameOf), size: 'full' as const };
  return [...owned.map(own => budgetCard(`Budget left: ${nameOf(own)}`, own)), burn];
}

/** Some services together, so that neither the widgets nor the lines in one become too many. */
function groupWidgets(services: readonly (readonly Owned[])[]) {
  const size = Math.max(GROUP_SERVICES, Math.ceil(services.length / GROUPS_MAX));
  const groups = [...Map.groupBy(services.entries(), ([index]) => Math.floor(index / size)).values()];
  return groups
    .map(group => group.flatMap(([, owned]) => owned))
    .filter(owned => owned.length > 0)
    .flatMap(owned => {
      const [first, last] = [owned[0], owned.at(-1)].map(own => own?.service.title);
      const span = first === last ? first : `${first} to ${last}`;
      return [
        budgetTable(`Budgets left: ${span}`, owned, nameOf),
        burnChart(`Burn rates over 1 h: ${span}`, owned, nameOf),
      ];
    });
}
