import { errorTable } from '../errors.ts';

/** What can go wrong with a file that holds data of ours, whatever they are. */
export const sqliteErrors = errorTable({
  data_folder_in_use: { status: 503, exitCode: 1, title: 'Another process uses the data folder' },
  data_folder_unusable: { status: 503, exitCode: 1, title: 'The data folder cannot be written' },
  data_folder_newer: { status: 503, exitCode: 1, title: 'The data folder was written by a newer version' },
});
