-- The web service's instance Germany was another cloud until 2021-10-29, whose lists belong to `germany-2021`. The step
-- `germany.py` moves them. The times of syncs stay with the cloud in operation only if a version of it is stored.

DELETE FROM p365_notes
    WHERE key IN ('sync.seen.germany', 'sync.read.germany', 'sync.tried.germany', 'alarm.germany', 'alarm.first.germany')
    AND NOT EXISTS (SELECT 1 FROM p365_versions WHERE cloud = 'germany' AND version > '2021102999');
