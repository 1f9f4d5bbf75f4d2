BEGIN TRANSACTION;
CREATE TABLE application_versions (
    version_id TEXT NOT NULL PRIMARY KEY,
    version_name TEXT NOT NULL UNIQUE,
    version_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL);
INSERT INTO "application_versions" VALUES('929364d1-3881-44de-b314-2b1aeba63129','1',1795938944000,1795938944000,'conversations-bot');
CREATE TABLE call_ids (
	conversation_id VARCHAR(128) NOT NULL, 
	phone_provider VARCHAR(64), 
	call_id VARCHAR(512), 
	call_sid VARCHAR(512), 
	direction VARCHAR(32), 
	agent_number VARCHAR(64), 
	external_number VARCHAR(64), 
	masked BOOLEAN NOT NULL, 
	found_at FLOAT NOT NULL, 
	PRIMARY KEY (conversation_id)
);
INSERT INTO "call_ids" VALUES('conv_zx4mmopkegc5dn3w4yv7zs5ljd','sip_trunking','62174f5b-d60f-a9e7@sip1.carrier.example','SCL_9abd4c661f42','inbound','(+49) •••••5101','(+49) •••••5572',1,1.7950000002733545304e+09);
INSERT INTO "call_ids" VALUES('conv_f2fxzhnplcwnldhgdcn26k2jg5','twilio','CAb375da0bdd9f1daa8945474176c1dd1e','CAb375da0bdd9f1daa8945474176c1dd1e','inbound','(+1) •••••0113','(+1) •••••0181',1,1.79500000041692638402e+09);
CREATE TABLE dbos_migrations (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "dbos_migrations" VALUES(125);
CREATE TABLE exports (
	answer_id VARCHAR(255) NOT NULL, 
	question_id VARCHAR(40) NOT NULL, 
	user_id VARCHAR(32) NOT NULL, 
	executor_id VARCHAR(128) NOT NULL, 
	wanted_at FLOAT NOT NULL, 
	begun BOOLEAN NOT NULL, 
	cancelled BOOLEAN NOT NULL, 
	without_ids BOOLEAN NOT NULL, 
	search BOOLEAN, 
	PRIMARY KEY (answer_id)
);
CREATE TABLE notifications (
    message_uuid TEXT NOT NULL DEFAULT (hex(randomblob(16))) PRIMARY KEY,
    destination_uuid TEXT NOT NULL,
    topic TEXT,
    message TEXT NOT NULL,
    created_at_epoch_ms INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000), "serialization" TEXT DEFAULT NULL, "consumed" BOOLEAN NOT NULL DEFAULT FALSE, consumed_by_function_id INTEGER,
    FOREIGN KEY (destination_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "operation_outputs" (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    function_name TEXT NOT NULL DEFAULT '',
    output TEXT,
    error TEXT,
    child_workflow_id TEXT,
    started_at_epoch_ms INTEGER,
    completed_at_epoch_ms INTEGER,
    serialization TEXT,
    application_name TEXT DEFAULT NULL,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    PRIMARY KEY (workflow_uuid, function_id)
);
INSERT INTO "operation_outputs" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc',1,'asker','{"tz":"Europe/Amsterdam","refused":null,"audience":null}',NULL,NULL,1795938944749,1795938944752,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc',2,'understand','{"question_id":"qxAV5G7ea2bGlrTO3","task":null,"kept":[]}',NULL,NULL,1795938944755,1795938944777,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc',3,'list','{"posted":{"channel_id":"D041PJSO2KR","ts":"1795000000.263221","thread_ts":null,"moved_because":null},"rows":true,"shared_by":null}',NULL,NULL,1795938944805,1795938944812,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc',4,'glance','true',NULL,NULL,1795938944814,1795938944822,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc',5,'file','{"total":1,"final":true,"as_of":1795938944.781833,"file_rows":1,"ids_failed":0,"without_ids":false,"elsewhere":null,"failed":null,"lacking":{"unplaced":0,"hidden":0,"undecided":0},"kept_private":false}',NULL,NULL,1795938944823,1795938944914,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc',6,'settle','true',NULL,NULL,1795938944916,1795938944921,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474',1,'asker','{"tz":"Europe/Amsterdam","refused":null,"audience":null}',NULL,NULL,1795938944946,1795938944948,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474',2,'understand','{"question_id":null,"task":{"wanted":[{"ref":{"kind":"conversation_id","value":"conv_f2fxzhnplcwnldhgdcn26k2jg5"},"since":null,"until":null}],"notes":[]},"kept":[]}',NULL,NULL,1795938944951,1795938944954,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474',3,'find','{"found":{"conversation_id":"conv_f2fxzhnplcwnldhgdcn26k2jg5","words":"","also":[],"everywhere":false}}',NULL,NULL,1795938944956,1795938944957,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474',4,'call','{"channel_id":"C0QUALITY01","ts":"1795000000.419159","thread_ts":"1795000000.394474","moved_because":null}',NULL,NULL,1795938944959,1795938944965,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('click-3605754947330.6802842899960.d216ad53d4088ff7d71330613cc4f772',1,'asker','{"tz":"Europe/Amsterdam","refused":null,"audience":null}',NULL,NULL,1795938944989,1795938944991,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('click-3605754947330.6802842899960.d216ad53d4088ff7d71330613cc4f772',2,'place','{"channel_id":"D041PJSO2KR","ts":"1795000000.448607","thread_ts":null,"moved_because":null}',NULL,NULL,1795938944993,1795938944995,'json','conversations-bot',1795938944000);
INSERT INTO "operation_outputs" VALUES('click-3605754947330.6802842899960.d216ad53d4088ff7d71330613cc4f772',3,'file','{"file_id":"F03TCXU7WTN","channel_id":"D041PJSO2KR"}',NULL,NULL,1795938944997,1795938945000,'json','conversations-bot',1795938945000);
INSERT INTO "operation_outputs" VALUES('command-1594905465360.2262491650896.74e04bbbca8033a7a5fd89c831610b3d',1,'asker','{"tz":"Europe/Berlin","refused":null,"audience":null}',NULL,NULL,1795938945014,1795938945016,'json','conversations-bot',1795938945000);
INSERT INTO "operation_outputs" VALUES('command-1594905465360.2262491650896.74e04bbbca8033a7a5fd89c831610b3d',2,'understand','{"question_id":"qwLUfPoo7ywSyq35U","task":null,"kept":[]}',NULL,NULL,1795938945018,1795938945021,'json','conversations-bot',1795938945000);
CREATE TABLE processes (
	executor_id VARCHAR(128) NOT NULL, 
	answers BOOLEAN NOT NULL, 
	beat_at FLOAT NOT NULL, 
	PRIMARY KEY (executor_id)
);
CREATE TABLE questions (
	question_id VARCHAR(40) NOT NULL, 
	text TEXT NOT NULL, 
	tz VARCHAR(64) NOT NULL, 
	team_id VARCHAR(32) NOT NULL, 
	user_id VARCHAR(32) NOT NULL, 
	channel_id VARCHAR(32) NOT NULL, 
	thread_ts VARCHAR(32), 
	asked_at FLOAT NOT NULL, 
	outcome TEXT, 
	texts TEXT, 
	PRIMARY KEY (question_id)
);
INSERT INTO "questions" VALUES('qxAV5G7ea2bGlrTO3','result:failure since:2026-11-09T00:00:00+01:00 until:2026-11-16T00:00:00+01:00','Europe/Amsterdam','T0DEMOTEAM1','U0DEMO00001','C0GENERAL01',NULL,1.79500000019124603275e+09,'{"total":1,"final":true,"as_of":1795938944.781833,"file_rows":1,"ids_failed":0,"without_ids":false,"elsewhere":null,"failed":null,"lacking":{"unplaced":0,"hidden":0,"undecided":0},"kept_private":false}','["failed calls last week"]');
INSERT INTO "questions" VALUES('qwLUfPoo7ywSyq35U','result:failure since:2026-10-19T12:06:40.000+02:00','Europe/Berlin','T0DEMOTEAM1','U0DEMO00002','C0GENERAL01',NULL,1.79500000046509695051e+09,NULL,'["failed since 30 days ago"]');
CREATE TABLE queues (
    queue_id TEXT PRIMARY KEY DEFAULT (hex(randomblob(16))),
    name TEXT NOT NULL UNIQUE,
    concurrency INTEGER,
    worker_concurrency INTEGER,
    rate_limit_max INTEGER,
    rate_limit_period_sec REAL,
    priority_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    partition_queue BOOLEAN NOT NULL DEFAULT FALSE,
    polling_interval_sec REAL NOT NULL DEFAULT 1.0,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL, "partition_concurrency" INTEGER DEFAULT NULL, "partition_worker_concurrency" INTEGER DEFAULT NULL, "partition_rate_limit_max" INTEGER DEFAULT NULL, "partition_rate_limit_period_sec" REAL DEFAULT NULL);
CREATE TABLE saved_questions (
	saved_id VARCHAR(40) NOT NULL, 
	team_id VARCHAR(32) NOT NULL, 
	user_id VARCHAR(32) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(400) NOT NULL, 
	texts TEXT NOT NULL, 
	tz VARCHAR(64) NOT NULL, 
	schedule VARCHAR(200), 
	channel_id VARCHAR(32), 
	paused BOOLEAN NOT NULL, 
	next_at FLOAT, 
	saved_at FLOAT NOT NULL, 
	PRIMARY KEY (saved_id), 
	CONSTRAINT saved_questions_by_name UNIQUE (user_id, name_key)
);
INSERT INTO "saved_questions" VALUES('spm9Mgl3cZkPG1Crw','T0DEMOTEAM1','U0DEMO00001','Weekly failures','weekly failures','["failed calls last week"]','Europe/Amsterdam','every Monday 09:00',NULL,0,1795420800.0,1.79500000021321105955e+09);
CREATE TABLE shown (
	channel_id VARCHAR(32) NOT NULL, 
	ts VARCHAR(32) NOT NULL, 
	thread VARCHAR(32) NOT NULL, 
	question_id VARCHAR(40) NOT NULL, 
	shown_at FLOAT NOT NULL, 
	shared_by VARCHAR(32), 
	PRIMARY KEY (channel_id, ts)
);
INSERT INTO "shown" VALUES('D041PJSO2KR','1795000000.263221','1795000000.263221','qxAV5G7ea2bGlrTO3',1.79500000026417636869e+09,NULL);
CREATE TABLE streams (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    "offset" INTEGER NOT NULL, function_id INTEGER NOT NULL DEFAULT 0, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key, "offset"),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE welcomed (
	user_id VARCHAR(32) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (user_id)
);
CREATE TABLE workflow_events (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events_history (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, function_id, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid)
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_input (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    inputs TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_input" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc','{"args":[{"answer_id":"command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc","kind":"ask","address":{"team_id":"T0DEMOTEAM1","user_id":"U0DEMO00001","channel_id":"C0GENERAL01","thread_ts":null,"reads_in":null,"private":true,"shared_channel":false,"unshared":false,"kept_private":null,"response_url":"http://127.0.0.1:60663/slack-hooks/36L06YQDPV68R5J2TAZO3YAR"},"asked_at":1795000000.191246,"text":"failed calls last week save as \"Weekly failures\" every monday 9:00","command":true,"click":null,"scheduled":null}],"kwargs":{}}',1795938944000);
INSERT INTO "workflow_input" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474','{"args":[{"answer_id":"message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474","kind":"ask","address":{"team_id":"T0DEMOTEAM1","user_id":"U0DEMO00001","channel_id":"C0QUALITY01","thread_ts":"1795000000.394474","reads_in":null,"private":false,"shared_channel":false,"unshared":true,"kept_private":null,"response_url":null},"asked_at":1795000000.3955717,"text":"conv_f2fxzhnplcwnldhgdcn26k2jg5","command":false,"click":null,"scheduled":null}],"kwargs":{}}',1795938944000);
INSERT INTO "workflow_input" VALUES('click-3605754947330.6802842899960.d216ad53d4088ff7d71330613cc4f772','{"args":[{"answer_id":"click-3605754947330.6802842899960.d216ad53d4088ff7d71330613cc4f772","kind":"click","address":{"team_id":"T0DEMOTEAM1","user_id":"U0DEMO00001","channel_id":"C0QUALITY01","thread_ts":"1795000000.394474","reads_in":"1795000000.394474","private":false,"shared_channel":false,"unshared":false,"kept_private":null,"response_url":"http://127.0.0.1:60663/slack-hooks/G88604UZP5DWZWBM0NW6RMYQ"},"asked_at":1795000000.4387722,"text":"","command":false,"click":{"action_id":"transcript_file","value":"[\"\",null,\"conv_f2fxzhnplcwnldhgdcn26k2jg5\"]","posted":{"channel_id":"C0QUALITY01","ts":"1795000000.419159","thread_ts":"1795000000.394474","moved_because":null},"sentence":null},"scheduled":null}],"kwargs":{}}',1795938944000);
INSERT INTO "workflow_input" VALUES('command-1594905465360.2262491650896.74e04bbbca8033a7a5fd89c831610b3d','{"args":[{"answer_id":"command-1594905465360.2262491650896.74e04bbbca8033a7a5fd89c831610b3d","kind":"ask","address":{"team_id":"T0DEMOTEAM1","user_id":"U0DEMO00002","channel_id":"C0GENERAL01","thread_ts":null,"reads_in":null,"private":true,"shared_channel":false,"unshared":false,"kept_private":null,"response_url":"http://127.0.0.1:60663/slack-hooks/0S3YZNG23CGJ2LZ2SQ61QFWG"},"asked_at":1795000000.465097,"text":"failed since 30 days ago","command":true,"click":null,"scheduled":null}],"kwargs":{}}',1795938945000);
CREATE TABLE workflow_output (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_output" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc','"answered"',NULL,1795938944000);
INSERT INTO "workflow_output" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474','"answered"',NULL,1795938944000);
CREATE TABLE workflow_schedules (
    schedule_id TEXT PRIMARY KEY,
    schedule_name TEXT NOT NULL UNIQUE,
    workflow_name TEXT NOT NULL,
    workflow_class_name TEXT,
    schedule TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'ACTIVE',
    context TEXT NOT NULL
, "last_fired_at" TEXT DEFAULT NULL, "automatic_backfill" BOOLEAN NOT NULL DEFAULT FALSE, "cron_timezone" TEXT DEFAULT NULL, "queue_name" TEXT DEFAULT NULL, "application_name" TEXT DEFAULT NULL);
CREATE TABLE workflow_status (
    workflow_uuid TEXT PRIMARY KEY,
    status TEXT,
    name TEXT,
    authenticated_user TEXT,
    assumed_role TEXT,
    authenticated_roles TEXT,
    request TEXT,
    output TEXT,
    error TEXT,
    executor_id TEXT,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    application_version TEXT,
    application_id TEXT,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    recovery_attempts INTEGER DEFAULT 0,
    queue_name TEXT,
    workflow_timeout_ms INTEGER,
    workflow_deadline_epoch_ms INTEGER,
    inputs TEXT,
    started_at_epoch_ms INTEGER,
    deduplication_id TEXT,
    priority INTEGER NOT NULL DEFAULT 0
, queue_partition_key TEXT, forked_from TEXT, "owner_xid" TEXT DEFAULT NULL, "parent_workflow_id" TEXT DEFAULT NULL, "serialization" TEXT DEFAULT NULL, "delay_until_epoch_ms" BIGINT DEFAULT NULL, "was_forked_from" BOOLEAN NOT NULL DEFAULT FALSE, "rate_limited" BOOLEAN NOT NULL DEFAULT FALSE, "completed_at" BIGINT, "attributes" TEXT, "schedule_name" TEXT, "debounce_deadline_epoch_ms" BIGINT DEFAULT NULL, "is_debounced" BOOLEAN NOT NULL DEFAULT FALSE, "application_name" TEXT DEFAULT NULL, "creator_xid" TEXT DEFAULT NULL);
INSERT INTO "workflow_status" VALUES('command-6862061717290.2107545240552.38c1962e9148624feac1c14f30e9c5cc','SUCCESS','answer',NULL,NULL,NULL,NULL,NULL,NULL,'single',1795938944000,1795938944000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,'json',NULL,0,0,1795938944000,'null',NULL,NULL,0,'conversations-bot','1a345fa0-0269-4b32-ba72-e4608d1ee665');
INSERT INTO "workflow_status" VALUES('message-T0DEMOTEAM1-C0QUALITY01-1795000000.394474','SUCCESS','answer',NULL,NULL,NULL,NULL,NULL,NULL,'single',1795938944000,1795938944000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,'json',NULL,0,0,1795938944000,'null',NULL,NULL,0,'conversations-bot','6fcfbb9e-937d-463d-8207-489b8f304215');
INSERT INTO "workflow_status" VALUES('click-3605754947330.6802842899960.d216ad53d4088ff7d71330613cc4f772','PENDING','answer',NULL,NULL,NULL,NULL,NULL,NULL,'single',1795938944000,1795938944000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'c18274dd-10f6-45d0-97b8-ebe24702d433',NULL,'json',NULL,0,0,NULL,'null',NULL,NULL,0,'conversations-bot','c18274dd-10f6-45d0-97b8-ebe24702d433');
INSERT INTO "workflow_status" VALUES('command-1594905465360.2262491650896.74e04bbbca8033a7a5fd89c831610b3d','PENDING','answer',NULL,NULL,NULL,NULL,NULL,NULL,'single',1795938945000,1795938945000,'1','',NULL,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'d648be5a-a102-4629-bc84-b3d87ecf63c9',NULL,'json',NULL,0,0,NULL,'null',NULL,NULL,0,'conversations-bot','d648be5a-a102-4629-bc84-b3d87ecf63c9');
CREATE INDEX questions_by_thread ON questions (channel_id, thread_ts, asked_at);
CREATE INDEX questions_by_person ON questions (user_id, asked_at);
CREATE INDEX shown_by_age ON shown (shown_at);
CREATE INDEX shown_by_thread ON shown (channel_id, thread, shown_at);
CREATE INDEX call_ids_by_call_id ON call_ids (call_id);
CREATE INDEX call_ids_by_age ON call_ids (found_at);
CREATE INDEX call_ids_by_call_sid ON call_ids (call_sid);
CREATE INDEX exports_by_question ON exports (question_id);
CREATE INDEX saved_questions_by_time ON saved_questions (next_at);
CREATE INDEX workflow_status_created_at_index ON workflow_status (created_at);
CREATE INDEX idx_workflow_topic ON notifications (destination_uuid, topic);
CREATE INDEX "idx_workflow_status_delayed" ON "workflow_status" ("delay_until_epoch_ms") WHERE status = 'DELAYED';
CREATE INDEX "idx_workflow_status_forked_from" ON "workflow_status" ("forked_from") WHERE "forked_from" IS NOT NULL;
CREATE INDEX "idx_workflow_status_parent_workflow_id" ON "workflow_status" ("parent_workflow_id") WHERE "parent_workflow_id" IS NOT NULL;
CREATE UNIQUE INDEX "uq_workflow_status_dedup_id" ON "workflow_status" ("queue_name", "deduplication_id") WHERE "deduplication_id" IS NOT NULL;
CREATE INDEX "idx_workflow_status_pending" ON "workflow_status" ("created_at") WHERE "status" = 'PENDING';
CREATE INDEX "idx_workflow_status_failed" ON "workflow_status" ("status", "created_at") WHERE "status" IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED');
CREATE INDEX "idx_workflow_status_rate_limited" ON "workflow_status" ("queue_name", "started_at_epoch_ms") WHERE "rate_limited" = TRUE;
CREATE INDEX "idx_workflow_status_completed_at" ON "workflow_status" ("completed_at") WHERE "completed_at" IS NOT NULL;
CREATE INDEX "idx_workflow_status_started_at" ON "workflow_status" ("started_at_epoch_ms") WHERE "started_at_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_workflow_status_schedule_name" ON "workflow_status" ("schedule_name") WHERE "schedule_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_owner_version"
    ON application_versions ("application_name", "version_name")
    WHERE "application_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_unclaimed_version"
    ON application_versions ("version_name")
    WHERE "application_name" IS NULL;
CREATE INDEX idx_workflow_input_retention
    ON workflow_input (retention_timestamp);
CREATE INDEX idx_workflow_output_retention
    ON workflow_output (retention_timestamp);
CREATE INDEX idx_operation_outputs_retention
    ON operation_outputs (retention_timestamp);
CREATE INDEX "idx_workflow_status_in_flight_v2" ON "workflow_status" ("queue_name", "status", "priority", "created_at", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING');
CREATE INDEX "idx_workflow_status_partition_dequeue_v3" ON "workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
CREATE INDEX "idx_operation_outputs_completed_at_function_name_v2" ON "operation_outputs" ("completed_at_epoch_ms", "function_name", "application_name");
CREATE INDEX "idx_workflow_status_deadline" ON "workflow_status" ("workflow_deadline_epoch_ms") WHERE "status" IN ('ENQUEUED', 'PENDING', 'DELAYED') AND "workflow_deadline_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_application_versions_timestamp" ON "application_versions" ("version_timestamp" DESC);
CREATE INDEX "idx_application_versions_owner_timestamp" ON "application_versions" ("application_name", "version_timestamp" DESC);
COMMIT;
