BEGIN TRANSACTION;
CREATE TABLE chronos_alarms (
	id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	since BIGINT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(event_id) REFERENCES chronos_events (id) ON DELETE CASCADE
);
CREATE TABLE chronos_attachments (
	managed_id INTEGER NOT NULL, 
	content_type VARCHAR NOT NULL, 
	filename VARCHAR NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (managed_id)
);
CREATE TABLE chronos_events (
	id INTEGER NOT NULL, 
	uid VARCHAR NOT NULL, 
	series INTEGER, 
	recurrence_id VARCHAR, 
	folder INTEGER, 
	owner INTEGER, 
	stamp BIGINT NOT NULL, 
	starts BIGINT, 
	ends BIGINT, 
	exact BOOLEAN NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "chronos_events" VALUES(1,'version-1',NULL,NULL,NULL,3,1795349445803,1806908400000,1806912000000,1,'{"class":"PUBLIC","transp":"OPAQUE","attendeePrivileges":"DEFAULT","summary":"Written by version 1","startDate":{"value":"20270405T090000","tzid":"Europe/Berlin"},"endDate":{"value":"20270405T100000","tzid":"Europe/Berlin"},"sequence":0,"createdBy":{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3},"organizer":{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3},"dtstamp":1795349445803,"attendees":[{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3,"cuType":"INDIVIDUAL","partStat":"ACCEPTED","folder":"31"},{"uri":"mailto:bob@example.com","cn":"Bob Baker","email":"bob@example.com","entity":4,"cuType":"INDIVIDUAL","partStat":"NEEDS-ACTION","folder":"41"}],"uid":"version-1","created":1795349445803,"modifiedBy":{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3}}');
CREATE TABLE chronos_placements (
	event_id INTEGER NOT NULL, 
	entity INTEGER NOT NULL, 
	folder INTEGER NOT NULL, 
	stamp BIGINT NOT NULL, 
	starts BIGINT, 
	ends BIGINT, 
	exact BOOLEAN NOT NULL, 
	PRIMARY KEY (event_id, entity), 
	FOREIGN KEY(event_id) REFERENCES chronos_events (id) ON DELETE CASCADE
);
INSERT INTO "chronos_placements" VALUES(1,3,31,1795349445803,1806908400000,1806912000000,1);
INSERT INTO "chronos_placements" VALUES(1,4,41,1795349445803,1806908400000,1806912000000,1);
CREATE TABLE chronos_tombstone_placements (
	event_id INTEGER NOT NULL, 
	entity INTEGER NOT NULL, 
	folder INTEGER NOT NULL, 
	stamp BIGINT NOT NULL, 
	PRIMARY KEY (event_id, entity), 
	FOREIGN KEY(event_id) REFERENCES chronos_tombstones (event_id) ON DELETE CASCADE
);
INSERT INTO "chronos_tombstone_placements" VALUES(2,3,31,1795349445876);
INSERT INTO "chronos_tombstone_placements" VALUES(2,4,41,1795349445876);
CREATE TABLE chronos_tombstones (
	event_id INTEGER NOT NULL, 
	stamp BIGINT NOT NULL, 
	series INTEGER, 
	starts BIGINT, 
	ends BIGINT, 
	owner INTEGER, 
	document TEXT NOT NULL, 
	PRIMARY KEY (event_id)
);
INSERT INTO "chronos_tombstones" VALUES(2,1795349445876,NULL,1806994800000,1806998400000,3,'{"uid":"deleted-in-version-1","sequence":0,"created":1795349445865,"createdBy":{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3},"class":"PUBLIC","startDate":{"value":"20270406T090000","tzid":"Europe/Berlin"},"endDate":{"value":"20270406T100000","tzid":"Europe/Berlin"},"transp":"OPAQUE","attendeePrivileges":"DEFAULT","attendees":[{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3,"cuType":"INDIVIDUAL","partStat":"ACCEPTED","folder":"31"},{"uri":"mailto:bob@example.com","cn":"Bob Baker","email":"bob@example.com","entity":4,"cuType":"INDIVIDUAL","partStat":"NEEDS-ACTION","folder":"41"}],"modifiedBy":{"uri":"mailto:alice@example.com","cn":"Alice Archer","email":"alice@example.com","entity":3},"dtstamp":1795349445876}');
CREATE TABLE contact_pictures (
	contact INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (contact), 
	FOREIGN KEY(contact) REFERENCES contacts (id) ON DELETE CASCADE
);
CREATE TABLE contact_tombstones (
	contact INTEGER NOT NULL, 
	folder INTEGER NOT NULL, 
	deleted BIGINT NOT NULL, 
	PRIMARY KEY (contact, folder)
);
CREATE TABLE contacts (
	id INTEGER NOT NULL, 
	folder INTEGER NOT NULL, 
	uid VARCHAR NOT NULL, 
	created BIGINT NOT NULL, 
	created_by INTEGER NOT NULL, 
	modified BIGINT NOT NULL, 
	modified_by INTEGER NOT NULL, 
	user_id INTEGER, 
	picture_type VARCHAR, 
	picture_modified BIGINT, 
	fields JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "contacts" VALUES(1,6,'b4bbc74b-8a6a-40d6-8a7e-84b496d29898',1795349445667,2,1795349445667,2,2,NULL,NULL,'{"display_name": "Context Admin", "first_name": "Context", "last_name": "Admin", "email1": "oxadmin@example.com"}');
INSERT INTO "contacts" VALUES(2,6,'8a83e18a-6813-4734-8fa3-19c797f482dc',1795349445719,3,1795349445719,3,3,NULL,NULL,'{"display_name": "Alice Archer", "first_name": "Alice", "last_name": "Archer", "email1": "alice@example.com"}');
INSERT INTO "contacts" VALUES(3,6,'db190a75-3fa1-4243-9f42-a8013ea6c1bc',1795349445759,4,1795349445759,4,4,NULL,NULL,'{"display_name": "Bob Baker", "first_name": "Bob", "last_name": "Baker", "email1": "bob@example.com"}');
INSERT INTO "contacts" VALUES(4,32,'a3d55f48-fa08-4200-a9e4-813a70659400',1795349445893,3,1795349445893,3,NULL,NULL,NULL,'{"display_name": "Version One"}');
CREATE TABLE deleted_principals (
	kind VARCHAR NOT NULL, 
	id INTEGER NOT NULL, 
	document JSON NOT NULL, 
	modified BIGINT NOT NULL, 
	PRIMARY KEY (kind, id)
);
CREATE TABLE folder_settings (
	folder_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	settings JSON NOT NULL, 
	PRIMARY KEY (folder_id, user_id), 
	FOREIGN KEY(folder_id) REFERENCES folders (id) ON DELETE CASCADE
);
CREATE TABLE folders (
	id INTEGER NOT NULL, 
	parent INTEGER NOT NULL, 
	module VARCHAR NOT NULL, 
	type INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	owner INTEGER NOT NULL, 
	standard BOOLEAN NOT NULL, 
	created BIGINT NOT NULL, 
	created_by INTEGER NOT NULL, 
	modified BIGINT NOT NULL, 
	modified_by INTEGER NOT NULL, 
	permissions JSON NOT NULL, 
	meta JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "folders" VALUES(1,0,'system',5,'Private folders',2,0,1795349445674,2,1795349445674,2,'[{"entity": 0, "group": true, "bits": 4}, {"entity": 2147483647, "group": true, "bits": 1}]','{}');
INSERT INTO "folders" VALUES(2,0,'system',5,'Public folders',2,0,1795349445687,2,1795349445687,2,'[{"entity": 0, "group": true, "bits": 4}, {"entity": 2, "group": false, "bits": 268435460}, {"entity": 2147483647, "group": true, "bits": 1}]','{}');
INSERT INTO "folders" VALUES(3,0,'system',5,'Shared folders',2,0,1795349445688,2,1795349445688,2,'[{"entity": 0, "group": true, "bits": 1}, {"entity": 2147483647, "group": true, "bits": 1}]','{}');
INSERT INTO "folders" VALUES(6,2,'contacts',5,'Global address book',2,0,1795349445701,2,1795349445769,2,'[{"entity": 2, "group": false, "bits": 268452097}, {"entity": 3, "group": false, "bits": 16641}, {"entity": 4, "group": false, "bits": 16641}]','{}');
INSERT INTO "folders" VALUES(9,0,'infostore',5,'Infostore',2,0,1795349445689,2,1795349445689,2,'[{"entity": 0, "group": true, "bits": 1}, {"entity": 2147483647, "group": true, "bits": 1}]','{}');
INSERT INTO "folders" VALUES(10,9,'infostore',5,'Userstore',2,0,1795349445690,2,1795349445690,2,'[{"entity": 0, "group": true, "bits": 257}, {"entity": 2147483647, "group": true, "bits": 257}]','{}');
INSERT INTO "folders" VALUES(15,9,'infostore',5,'Public infostore',2,0,1795349445691,2,1795349445691,2,'[{"entity": 0, "group": true, "bits": 4}, {"entity": 2, "group": false, "bits": 268435460}, {"entity": 2147483647, "group": true, "bits": 1}]','{}');
INSERT INTO "folders" VALUES(31,1,'calendar',1,'Calendar',3,1,1795349445722,3,1795349445722,3,'[{"entity": 3, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(32,1,'contacts',1,'Contacts',3,1,1795349445723,3,1795349445723,3,'[{"entity": 3, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(33,1,'tasks',1,'Tasks',3,1,1795349445724,3,1795349445724,3,'[{"entity": 3, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(34,10,'infostore',2,'Alice Archer',3,1,1795349445725,3,1795349445725,3,'[{"entity": 3, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(41,1,'calendar',1,'Calendar',4,1,1795349445762,4,1795349445762,4,'[{"entity": 4, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(42,1,'contacts',1,'Contacts',4,1,1795349445763,4,1795349445763,4,'[{"entity": 4, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(43,1,'tasks',1,'Tasks',4,1,1795349445767,4,1795349445767,4,'[{"entity": 4, "group": false, "bits": 403710016}]','{}');
INSERT INTO "folders" VALUES(44,10,'infostore',2,'Bob Baker',4,1,1795349445768,4,1795349445768,4,'[{"entity": 4, "group": false, "bits": 403710016}]','{}');
CREATE TABLE group_members (
	group_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	PRIMARY KEY (group_id, user_id), 
	FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE groups (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	display_name VARCHAR NOT NULL, 
	modified BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
CREATE TABLE jslob_documents (
	user_id INTEGER NOT NULL, 
	service VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	tree JSON NOT NULL, 
	PRIMARY KEY (user_id, service, id)
);
CREATE TABLE resources (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	display_name VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	description VARCHAR NOT NULL, 
	available INTEGER NOT NULL, 
	modified BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name), 
	UNIQUE (email)
);
CREATE TABLE sequences (
	name VARCHAR NOT NULL, 
	value BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "sequences" VALUES('stamp',1795349445893);
INSERT INTO "sequences" VALUES('contacts',4);
INSERT INTO "sequences" VALUES('principals',4);
INSERT INTO "sequences" VALUES('folders',50);
INSERT INTO "sequences" VALUES('events',2);
CREATE TABLE users (
	id INTEGER NOT NULL, 
	login VARCHAR NOT NULL, 
	password_hash VARCHAR NOT NULL, 
	given_name VARCHAR NOT NULL, 
	surname VARCHAR NOT NULL, 
	display_name VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	timezone VARCHAR NOT NULL, 
	locale VARCHAR NOT NULL, 
	contact_id INTEGER NOT NULL, 
	attributes JSON NOT NULL, 
	created BIGINT NOT NULL, 
	modified BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (login), 
	UNIQUE (email)
);
INSERT INTO "users" VALUES(2,'oxadmin','','Context','Admin','Context Admin','oxadmin@example.com','Europe/Berlin','en_US',1,'{}',1795349445667,1795349445667);
INSERT INTO "users" VALUES(3,'alice','$argon2id$v=19$m=8,t=1,p=1$MHxlMbf8LlPa+oksOC4gZQ$8XwFdeCwwGmkdR5LecQYJjg9q63GtdxhkYokgtz5gdk','Alice','Archer','Alice Archer','alice@example.com','Europe/Berlin','en_US',2,'{}',1795349445719,1795349445719);
INSERT INTO "users" VALUES(4,'bob','$argon2id$v=19$m=8,t=1,p=1$vx+kBPbKvUllrl49/2hKMQ$LDW/9wnIUFBsqO+PZjaiHXwnjE4UO628cg5RxYuq07E','Bob','Baker','Bob Baker','bob@example.com','Europe/Berlin','en_US',3,'{}',1795349445759,1795349445759);
CREATE TABLE vanished_folders (
	folder_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	stamp BIGINT NOT NULL, 
	PRIMARY KEY (folder_id, user_id)
);
CREATE INDEX folders_parent ON folders (parent);
CREATE INDEX vanished_folders_stamp ON vanished_folders (user_id, stamp);
CREATE INDEX ix_chronos_events_folder ON chronos_events (folder);
CREATE INDEX ix_chronos_events_uid ON chronos_events (uid);
CREATE INDEX ix_chronos_events_series ON chronos_events (series);
CREATE INDEX contacts_by_uid ON contacts (uid);
CREATE INDEX contacts_by_stamp ON contacts (folder, modified);
CREATE INDEX contact_tombstones_by_stamp ON contact_tombstones (folder, deleted);
CREATE INDEX chronos_placements_range ON chronos_placements (folder, starts, ends);
CREATE INDEX chronos_placements_sync ON chronos_placements (folder, stamp, event_id);
CREATE INDEX chronos_placements_entity ON chronos_placements (entity, starts);
CREATE INDEX chronos_tombstone_placements_sync ON chronos_tombstone_placements (folder, stamp);
CREATE INDEX chronos_alarms_event ON chronos_alarms (event_id);
CREATE INDEX chronos_alarms_owner ON chronos_alarms (user_id, event_id);
COMMIT;
