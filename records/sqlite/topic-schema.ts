import type { Migration } from '../../base/sqlite/database.ts';

/**
 * The embedded topic's file. `due_at` is when a message may be delivered again, `lease_until` until when its present lease
 * counts; both in milliseconds. `attempts` counts deliveries, and with `seq` names a lease. A message whose `dead` is 1 has
 * gone over to the dead-letter subscription.
 */
export const topicMigrations: readonly Migration[] = [
  `CREATE TABLE messages (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     data BLOB NOT NULL,
     attributes TEXT NOT NULL,
     ordering_key TEXT,
     published_at INTEGER NOT NULL,
     dead INTEGER NOT NULL DEFAULT 0,
     attempts INTEGER NOT NULL DEFAULT 0,
     due_at INTEGER NOT NULL,
     lease_until INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX messages_due ON messages (dead, due_at)`,
];
