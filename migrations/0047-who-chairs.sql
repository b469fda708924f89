-- Who chairs is asked for every request about a permission; everybody's other appointments are many more.
create index appointment_chairs on appointment (area_id, agency_id, person_sub) where role = 'chair';
